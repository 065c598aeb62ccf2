// What contest programs use that allocates.
#include <bits/stdc++.h>
using namespace std;

struct Edge { int to; long long weight; };

static vector<long long> dijkstra(const vector<vector<Edge>>& graph, int from) {
    vector<long long> distance(graph.size(), LLONG_MAX);
    priority_queue<pair<long long, int>, vector<pair<long long, int>>, greater<>> queue;
    distance[from] = 0;
    queue.emplace(0, from);
    while (!queue.empty()) {
        auto [d, node] = queue.top();
        queue.pop();
        if (d > distance[node]) continue;
        for (auto& [to, weight] : graph[node])
            if (d + weight < distance[to]) queue.emplace(distance[to] = d + weight, to);
    }
    return distance;
}

int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n, m;
    cin >> n >> m;
    vector<vector<Edge>> graph(n);
    for (int i = 0; i < m; i++) {
        int a, b, w;
        cin >> a >> b >> w;
        graph[a].push_back({b, w});
        graph[b].push_back({a, w});
    }
    auto distance = dijkstra(graph, 0);
    map<string, int> counts;
    unordered_map<string, vector<int>> where;
    set<pair<int, string>> order;
    multiset<int> many;
    deque<int> window;
    list<string> words;
    string word, all;
    for (int i = 0; cin >> word; i++) {
        counts[word]++;
        where[word].push_back(i);
        order.emplace(i % 7, word);
        many.insert(i);
        window.push_front(i);
        words.push_back(word + "x");
        all += word;
    }
    stringstream text;
    text << all << ' ' << distance.back();
    function<int(int)> depth = [&](int k) { return k ? depth(k - 1) + 1 : 0; };
    auto shared = make_shared<vector<string>>(words.begin(), words.end());
    sort(shared->begin(), shared->end());
    valarray<double> values(3.0, 4);
    vector<bool> bits(n);
    bits.resize(2 * n, true);
    vector<vector<vector<int>>> cube(n, vector<vector<int>>(n, vector<int>(n)));
    cout << text.str() << counts.size() << where.size() << order.size() << many.size() << window.size() << depth(n)
         << shared->size() << values.sum() << bits.size() << cube.size() << to_string(n) << all.substr(1, 3) << '\n';
}
