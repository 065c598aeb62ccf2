//! deploy/kubernetes/ and deploy/systemd/: fields that exist, settings that are read, ports and metrics that are served.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use gavel::GavelSettings;
use gavel_platform::settings::load_from;
use serde::Deserialize as _;
use serde_yaml_ng::{Deserializer, Value};

use crate::observe::unknown;

/// What a process takes to end after what runs has had its time, by docs/OPERATIONS.md.
const BEYOND_GRACE: u64 = 20;

fn deploy(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(path)
}

fn documents(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Deserializer::from_str(&text).map(|document| Value::deserialize(document).unwrap()).collect()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| serde_yaml_ng::to_string(value).unwrap().trim().to_owned(), str::to_owned)
}

fn list(value: &Value) -> &[Value] {
    value.as_sequence().map_or(&[], Vec::as_slice)
}

/// The folders, each with every file that its kustomization names.
fn folders() -> BTreeMap<&'static str, Vec<Value>> {
    let mut all = BTreeMap::new();
    for folder in ["base", "keda", "hpa", "node-engine"] {
        let path = deploy("kubernetes").join(folder);
        let [kustomization] = documents(&path.join("kustomization.yaml")).try_into().unwrap();
        let mut named = BTreeSet::from(["kustomization.yaml".to_owned()]);
        let mut found = Vec::new();
        for resource in list(&kustomization["resources"]) {
            let resource = text(resource);
            if resource == "../base" {
                continue;
            }
            found.extend(documents(&path.join(&resource)));
            named.insert(resource);
        }
        named.extend(
            list(&kustomization["patches"])
                .iter()
                .filter_map(|patch| patch["path"].as_str())
                .map(str::to_owned),
        );
        let there = fs::read_dir(&path).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        assert_eq!(there.collect::<BTreeSet<_>>(), named, "{folder}: files, and those that are named");
        assert!(folder == "base" || list(&kustomization["resources"])[0] == "../base");
        all.insert(folder, found);
    }
    all
}

/// The fields of what is used here, as the Kubernetes API (1.29 to 1.34), KEDA 2 and kustomize document them: `name`, `name:Type`,
/// `name[]:Type`. What has no type here is not looked into.
const SCHEMA: &[(&str, &str)] = &[
    ("v1/Namespace", "apiVersion kind metadata:Meta"),
    ("v1/ConfigMap", "apiVersion kind metadata:Meta data immutable"),
    ("v1/PersistentVolumeClaim", "apiVersion kind metadata:Meta spec:ClaimSpec"),
    ("v1/Service", "apiVersion kind metadata:Meta spec:ServiceSpec"),
    ("apps/v1/StatefulSet", "apiVersion kind metadata:Meta spec:StatefulSetSpec"),
    ("policy/v1/PodDisruptionBudget", "apiVersion kind metadata:Meta spec:BudgetSpec"),
    ("networking.k8s.io/v1/NetworkPolicy", "apiVersion kind metadata:Meta spec:PolicySpec"),
    ("autoscaling/v2/HorizontalPodAutoscaler", "apiVersion kind metadata:Meta spec:AutoscalerSpec"),
    ("keda.sh/v1alpha1/ScaledObject", "apiVersion kind metadata:Meta spec:ScaledSpec"),
    ("Meta", "name namespace labels annotations"),
    ("ClaimSpec", "accessModes resources storageClassName volumeMode"),
    ("ServiceSpec", "type clusterIP selector ports[]:ServicePort"),
    ("ServicePort", "name port targetPort protocol"),
    (
        "StatefulSetSpec",
        "serviceName replicas podManagementPolicy selector:Selector template:PodTemplate volumeClaimTemplates[]:Claim \
         updateStrategy minReadySeconds",
    ),
    ("Claim", "metadata:Meta spec:ClaimSpec"),
    ("Selector", "matchLabels matchExpressions[]:Expression"),
    ("Expression", "key operator values"),
    ("PodTemplate", "metadata:Meta spec:PodSpec"),
    (
        "PodSpec",
        "automountServiceAccountToken serviceAccountName terminationGracePeriodSeconds securityContext:PodSecurity \
         affinity:Affinity nodeSelector tolerations initContainers[]:Container containers[]:Container volumes[]:Volume",
    ),
    ("PodSecurity", "runAsNonRoot runAsUser runAsGroup fsGroup seccompProfile supplementalGroups"),
    ("Affinity", "podAntiAffinity:AntiAffinity nodeAffinity"),
    ("AntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution[]:AffinityTerm"),
    ("AffinityTerm", "topologyKey labelSelector:Selector"),
    (
        "Container",
        "name image imagePullPolicy command args workingDir restartPolicy env[]:Env envFrom[]:EnvFrom ports[]:ContainerPort \
         startupProbe:Probe livenessProbe:Probe readinessProbe:Probe lifecycle:Lifecycle resources:Resources \
         securityContext:ContainerSecurity volumeMounts[]:Mount $patch",
    ),
    ("Env", "name value valueFrom:EnvSource"),
    ("EnvSource", "secretKeyRef:KeyRef configMapKeyRef:KeyRef fieldRef:FieldRef"),
    ("KeyRef", "name key optional"),
    ("FieldRef", "fieldPath"),
    ("EnvFrom", "configMapRef:NameRef secretRef:NameRef prefix"),
    ("NameRef", "name optional"),
    ("ContainerPort", "name containerPort protocol"),
    (
        "Probe",
        "httpGet:HttpGet exec:Exec periodSeconds timeoutSeconds failureThreshold successThreshold initialDelaySeconds",
    ),
    ("HttpGet", "path port scheme"),
    ("Exec", "command"),
    ("Lifecycle", "preStop:Handler postStart:Handler"),
    ("Handler", "exec:Exec httpGet:HttpGet sleep"),
    ("Resources", "requests limits $patch"),
    (
        "ContainerSecurity",
        "privileged runAsUser runAsGroup runAsNonRoot allowPrivilegeEscalation readOnlyRootFilesystem capabilities:Capabilities \
         seccompProfile",
    ),
    ("Capabilities", "add drop"),
    ("Mount", "name mountPath readOnly subPath"),
    ("Volume", "name emptyDir hostPath persistentVolumeClaim:ClaimRef configMap secret"),
    ("ClaimRef", "claimName readOnly"),
    ("BudgetSpec", "maxUnavailable minAvailable selector:Selector"),
    ("PolicySpec", "podSelector:Selector policyTypes ingress[]:Ingress egress[]:Egress"),
    ("Ingress", "from[]:Peer ports[]:PolicyPort"),
    ("Egress", "to[]:Peer ports[]:PolicyPort"),
    ("Peer", "namespaceSelector:Selector podSelector:Selector ipBlock:IpBlock"),
    ("IpBlock", "cidr except"),
    ("PolicyPort", "protocol port endPort"),
    ("AutoscalerSpec", "scaleTargetRef:TargetRef minReplicas maxReplicas metrics[]:Metric behavior:Behavior"),
    ("TargetRef", "apiVersion kind name"),
    ("Metric", "type resource:ResourceMetric"),
    ("ResourceMetric", "name target:Target"),
    ("Target", "type averageValue averageUtilization value"),
    ("Behavior", "scaleUp:Rules scaleDown:Rules"),
    ("Rules", "stabilizationWindowSeconds selectPolicy policies[]:Policy tolerance"),
    ("Policy", "type value periodSeconds"),
    (
        "ScaledSpec",
        "scaleTargetRef:TargetRef minReplicaCount maxReplicaCount idleReplicaCount pollingInterval cooldownPeriod fallback \
         advanced:Advanced triggers[]:Trigger",
    ),
    ("Advanced", "restoreToOriginalReplicaCount horizontalPodAutoscalerConfig:HpaConfig"),
    ("HpaConfig", "name behavior:Behavior"),
    ("Trigger", "type name metricType metadata:PrometheusTrigger authenticationRef"),
    (
        "PrometheusTrigger",
        "serverAddress query threshold activationThreshold namespace unsafeSsl ignoreNullValues",
    ),
];

/// Every field of a value that its type does not have.
fn strangers(value: &Value, kind: &str, at: &str, found: &mut Vec<String>) {
    let fields =
        SCHEMA.iter().find(|(name, _)| *name == kind).unwrap_or_else(|| panic!("{at}: no type {kind}")).1;
    let known: HashMap<&str, Option<&str>> = fields
        .split_whitespace()
        .map(|field| field.split_once(':').map_or((field, None), |(name, kind)| (name, Some(kind))))
        .collect();
    let Some(map) = value.as_mapping() else { return found.push(format!("{at}: no object")) };
    for (key, inner) in map {
        let key = key.as_str().unwrap();
        let at = format!("{at}.{key}");
        let many = format!("{key}[]");
        if let Some(kind) = known.get(many.as_str()) {
            match inner.as_sequence() {
                Some(all) => all.iter().for_each(|one| strangers(one, kind.unwrap(), &at, found)),
                None => found.push(format!("{at}: no list")),
            }
        } else if let Some(kind) = known.get(key) {
            if let Some(kind) = kind {
                strangers(inner, kind, &at, found);
            }
        } else {
            found.push(at);
        }
    }
}

fn kind(document: &Value) -> String {
    format!("{}/{}", text(&document["apiVersion"]), text(&document["kind"]))
}

fn named<'a>(documents: &'a [Value], kind: &str, name: &str) -> &'a Value {
    documents
        .iter()
        .find(|document| document["kind"] == kind && document["metadata"]["name"] == name)
        .unwrap_or_else(|| panic!("no {kind} {name}"))
}

/// The container of a workload that is Gavel itself.
fn gavel_of<'a>(documents: &'a [Value], part: &str) -> &'a Value {
    let workload = named(documents, "StatefulSet", &format!("gavel-{part}"));
    list(&workload["spec"]["template"]["spec"]["containers"]).iter().find(|one| one["name"] == part).unwrap()
}

/// The settings that a container begins with: those that it shares, and its own. Of what a secret holds only that it is there.
fn environment(documents: &[Value], part: &str) -> HashMap<String, String> {
    let container = gavel_of(documents, part);
    let mut all = HashMap::new();
    for shared in list(&container["envFrom"]) {
        let map = named(documents, "ConfigMap", shared["configMapRef"]["name"].as_str().unwrap());
        let data = map["data"].as_mapping().unwrap();
        all.extend(data.iter().map(|(name, value)| (text(name), text(value))));
    }
    for own in list(&container["env"]) {
        let name = text(&own["name"]);
        let value = match name.as_str() {
            "GAVEL__BROKER__URL" => "amqp://a:b@c:5672/%2f".to_owned(),
            "GAVEL__API__KEYS" => "0123456789abcdef".to_owned(),
            "GAVEL__STORE__URL" => "postgres://a:b@c:5432/d".to_owned(),
            _ if own["value"].is_null() => "from-the-pod".to_owned(),
            _ => text(&own["value"]),
        };
        all.insert(name, value);
    }
    assert!(all.keys().all(|name| name.starts_with("GAVEL__")), "{all:?}");
    all
}

fn settings(variables: HashMap<String, String>) -> GavelSettings {
    load_from(None, variables).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn objects_have_only_fields_that_there_are() {
    let mut found = Vec::new();
    for (folder, documents) in folders() {
        for document in &documents {
            let at = format!("{folder}: {}", text(&document["metadata"]["name"]));
            strangers(document, &kind(document), &at, &mut found);
        }
    }
    for patch in documents(&deploy("kubernetes/node-engine/worker.yaml")) {
        strangers(&patch, &kind(&patch), "node-engine: patch", &mut found);
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_field_that_there_is_not_is_found() {
    let wrong: Value = serde_yaml_ng::from_str(
        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {maxUnavailible: 1, selector: {labels: {}}}}",
    )
    .unwrap();
    let mut found = Vec::new();
    strangers(&wrong, &kind(&wrong), "a", &mut found);
    assert_eq!(found, ["a.spec.maxUnavailible", "a.spec.selector.labels"]);
}

#[test]
fn objects_find_each_other() {
    let folders = folders();
    let base = &folders["base"];
    let mut labels = Vec::new();
    for part in ["api", "worker"] {
        let workload = named(base, "StatefulSet", &format!("gavel-{part}"));
        let (spec, pod) = (&workload["spec"], &workload["spec"]["template"]);
        assert_eq!(spec["selector"]["matchLabels"], pod["metadata"]["labels"]);
        assert_eq!(spec["serviceName"], workload["metadata"]["name"]);
        let service = named(base, "Service", &format!("gavel-{part}"));
        assert_eq!(service["spec"]["selector"], pod["metadata"]["labels"]);
        for document in [
            named(base, "PodDisruptionBudget", &format!("gavel-{part}"))["spec"]["selector"].clone(),
            named(base, "NetworkPolicy", &format!("gavel-{part}"))["spec"]["podSelector"].clone(),
        ] {
            assert_eq!(document["matchLabels"], pod["metadata"]["labels"]);
        }
        // Every mount is of a volume, and every volume is mounted.
        let containers = list(&pod["spec"]["containers"]).iter().chain(list(&pod["spec"]["initContainers"]));
        let mounts = containers.flat_map(|one| list(&one["volumeMounts"])).map(|mount| text(&mount["name"]));
        let claims = list(&spec["volumeClaimTemplates"]).iter().map(|claim| text(&claim["metadata"]["name"]));
        let volumes = list(&pod["spec"]["volumes"]).iter().map(|volume| text(&volume["name"])).chain(claims);
        assert_eq!(mounts.collect::<BTreeSet<_>>(), volumes.collect(), "{part}");
        for volume in list(&pod["spec"]["volumes"]) {
            if let Some(claim) = volume["persistentVolumeClaim"]["claimName"].as_str() {
                named(base, "PersistentVolumeClaim", claim);
            }
        }
        labels.push(pod["metadata"]["labels"].clone());
    }
    assert_ne!(labels[0], labels[1]);
    for (folder, kind) in [("keda", "ScaledObject"), ("hpa", "HorizontalPodAutoscaler")] {
        let target = &named(&folders[folder], kind, "gavel-worker")["spec"]["scaleTargetRef"];
        let workload = named(base, target["kind"].as_str().unwrap(), target["name"].as_str().unwrap());
        assert_eq!(workload["apiVersion"], target["apiVersion"]);
    }
}

#[test]
fn pods_begin_with_settings_that_are_right_and_listen_where_they_are_asked() {
    let folders = folders();
    let base = &folders["base"];
    for part in ["api", "worker"] {
        let settings = settings(environment(base, part));
        let address = if part == "api" { settings.api.bind } else { settings.worker.bind };
        assert!(address.ip().is_unspecified(), "{part} is asked from outside");
        let container = gavel_of(base, part);
        assert_eq!(list(&container["args"]), [Value::from(part)], "the command");
        let [port] = list(&container["ports"]) else { panic!("{part}: one port") };
        assert_eq!(port["containerPort"].as_u64(), Some(address.port().into()), "{part}");
        for (probe, path) in
            [("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")]
        {
            let get = &container[probe]["httpGet"];
            assert_eq!((&get["path"], &get["port"]), (&Value::from(path), &port["name"]), "{part}");
        }
        let [served] = list(&named(base, "Service", &format!("gavel-{part}"))["spec"]["ports"]) else {
            panic!()
        };
        assert_eq!(served["targetPort"], port["name"]);
        let template = &named(base, "StatefulSet", &format!("gavel-{part}"))["spec"]["template"];
        assert_eq!(
            text(&template["metadata"]["annotations"]["prometheus.io/port"]),
            address.port().to_string()
        );
        let policy = &named(base, "NetworkPolicy", &format!("gavel-{part}"))["spec"];
        let open: Vec<u64> = list(&policy["ingress"])
            .iter()
            .flat_map(|rule| list(&rule["ports"]))
            .map(|port| port["port"].as_u64().unwrap())
            .collect();
        assert_eq!(open, [u64::from(address.port())], "{part}: what may be reached");
        let outside: BTreeSet<u64> = list(&policy["egress"])
            .iter()
            .flat_map(|rule| list(&rule["ports"]))
            .map(|port| port["port"].as_u64().unwrap())
            .collect();
        assert!(outside.contains(&5672) && outside.contains(&53), "{part}: {outside:?}");
        assert_eq!(outside.contains(&5432), part == "api", "{part}: only the API knows the store");
        let grace = template["spec"]["terminationGracePeriodSeconds"].as_u64().unwrap();
        let running = if part == "worker" { settings.worker.grace } else { Duration::from_secs(10) };
        assert!(grace >= running.as_secs() + BEYOND_GRACE, "{part} is killed before it has drained");
        assert_eq!(template["spec"]["automountServiceAccountToken"], false);
    }
    let worker = settings(environment(base, "worker"));
    let pod = &named(base, "StatefulSet", "gavel-worker")["spec"]["template"]["spec"];
    let engine = list(&pod["initContainers"]).iter().find(|one| one["name"] == "engine").unwrap();
    assert_eq!(engine["restartPolicy"], "Always", "a sidecar: it ends after the worker");
    assert_eq!(
        text(&engine["resources"]["limits"]["cpu"]),
        worker.worker.slots.to_string(),
        "a slot is a core"
    );
    let socket = format!("--host={}", worker.sandbox.docker);
    assert!(list(&engine["args"]).contains(&Value::from(socket)), "{engine:?}");
    // What is patched in has a container of that name, and the same socket.
    let [patch] = documents(&deploy("kubernetes/node-engine/worker.yaml")).try_into().unwrap();
    let patched = &list(&patch["spec"]["template"]["spec"]["containers"])[0];
    assert_eq!(
        (&patched["name"], &list(&patched["env"])[0]["name"]),
        (&Value::from("worker"), &Value::from("GAVEL__SANDBOX__DOCKER"))
    );
}

#[test]
fn the_images_are_those_that_are_built() {
    let folders = folders();
    let base = &folders["base"];
    let compose = fs::read_to_string(deploy("../docker-compose.yml")).unwrap();
    for part in ["api", "worker"] {
        let image = text(&gavel_of(base, part)["image"]);
        assert!(compose.contains(&format!("image: {image}:latest\n")), "{image}");
    }
    let dockerfile = fs::read_to_string(deploy("Dockerfile")).unwrap();
    let settings = settings(environment(base, "worker"));
    assert!(
        dockerfile.contains(&format!("{}/", settings.languages.dir.display())),
        "where the image has them"
    );
    let user =
        &named(base, "StatefulSet", "gavel-api")["spec"]["template"]["spec"]["securityContext"]["runAsUser"];
    assert!(dockerfile.contains(&format!("USER {}:", text(user))));
    let languages = gavel_model::language::Languages::load(&deploy("../images")).unwrap();
    let core = languages.ids_of(&settings.languages.set).unwrap();
    let mut wanted = BTreeSet::new();
    for spec in languages.iter().filter(|spec| core.contains(&spec.id)) {
        let targets = if spec.artifact().is_some() { &["compile", "run"][..] } else { &["run"] };
        wanted.extend(targets.iter().map(|target| format!("{}-{target}", spec.image)));
    }
    // What validators run in, whatever the languages are.
    wanted.extend(["validator-compile", "validator-run"].map(str::to_owned));
    let pulled = text(&named(base, "ConfigMap", "gavel-images")["data"]["IMAGES"]);
    assert_eq!(pulled.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>(), wanted);
}

#[test]
fn the_fleet_scales_by_metrics_that_there_are() {
    let folders = folders();
    let triggers = &named(&folders["keda"], "ScaledObject", "gavel-worker")["spec"]["triggers"];
    assert!(list(triggers).len() >= 2);
    for trigger in list(triggers) {
        let query = text(&trigger["metadata"]["query"]);
        assert_eq!(unknown(&query), Vec::<String>::new(), "{query}");
        assert!(trigger["metadata"]["threshold"].is_string(), "KEDA wants texts");
    }
}

/// What kustomize makes of them, where it is installed: patches and all.
#[test]
fn kustomize_renders_every_folder() {
    for folder in ["base", "keda", "hpa", "node-engine"] {
        let mut kubectl = Command::new("kubectl");
        let Ok(output) =
            kubectl.args(["kustomize", deploy("kubernetes").join(folder).to_str().unwrap()]).output()
        else {
            println!("no kubectl: nothing is rendered, the files are read as they are");
            return;
        };
        assert!(output.status.success(), "{folder}: {}", String::from_utf8_lossy(&output.stderr));
        let rendered = String::from_utf8(output.stdout).unwrap();
        let documents: Vec<Value> =
            Deserializer::from_str(&rendered).map(|document| Value::deserialize(document).unwrap()).collect();
        let mut found = Vec::new();
        for document in &documents {
            strangers(document, &kind(document), folder, &mut found);
        }
        assert_eq!(found, Vec::<String>::new());
        let pod = &named(&documents, "StatefulSet", "gavel-worker")["spec"]["template"]["spec"];
        let engine = list(&pod["volumes"]).iter().find(|volume| volume["name"] == "engine").unwrap();
        let with_own = list(&pod["initContainers"]).iter().any(|one| one["name"] == "engine");
        assert_eq!(with_own, engine["hostPath"].is_null(), "{folder}: its own engine, or the node's");
    }
}

/// The directives of a unit, in order.
fn directives(unit: &str) -> Vec<(String, String)> {
    unit.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn units_begin_with_settings_that_are_right_and_drain_before_they_are_killed() {
    let folder = tempfile::tempdir().unwrap();
    let secret = |name: &str, value: &str| {
        let path = folder.path().join(name);
        fs::write(&path, value).unwrap();
        path.display().to_string()
    };
    let (keys, url) = (secret("keys", "0123456789abcdef\n"), secret("broker-url", "amqp://a:b@c:5672/%2f"));
    let common = fs::read_to_string(deploy("systemd/gavel.env")).unwrap();
    for (unit, command) in [("gavel", "up"), ("gavel-api", "api"), ("gavel-worker", "worker")] {
        let path = deploy("systemd").join(format!("{unit}.service"));
        let all = directives(&fs::read_to_string(&path).unwrap());
        let of = |name: &str| -> Vec<&str> {
            all.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
        };
        assert_eq!(of("ExecStart"), [format!("/usr/local/bin/gavel {command}")]);
        assert_eq!(of("RestartPreventExitStatus"), ["64"], "wrong settings");
        let credentials: Vec<&str> =
            of("LoadCredential").iter().map(|one| one.split(':').next().unwrap()).collect();
        let mut variables: HashMap<String, String> = directives(&common).into_iter().collect();
        for (name, value) in of("Environment").iter().map(|one| one.split_once('=').unwrap()) {
            let credential = value.strip_prefix("%d/").unwrap();
            assert!(credentials.contains(&credential), "{unit}: {credential} is not loaded");
            let file = if credential == "keys" { &keys } else { &url };
            variables.insert(name.to_owned(), file.clone());
        }
        let settings = settings(variables);
        let stop: u64 = of("TimeoutStopSec")[0].parse().unwrap();
        let running = if command == "api" { Duration::from_secs(10) } else { settings.worker.grace };
        assert!(stop >= running.as_secs() + BEYOND_GRACE, "{unit} is killed before it has drained");
        let home = format!("/var/lib/{}", of("StateDirectory")[0]);
        for place in [&settings.store.path, &settings.blobs.dir, &settings.worker.cache_dir] {
            assert!(place.starts_with(&home), "{unit} may not write {}", place.display());
        }
        verified(&path);
    }
}

/// What systemd itself says of a unit, where it is installed.
fn verified(unit: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(unit.file_name().unwrap());
    let text = fs::read_to_string(unit).unwrap();
    fs::write(&copy, text.replace("/usr/local/bin/gavel", env!("CARGO_BIN_EXE_gavel"))).unwrap();
    // Other units need not be there.
    let mut analyze = Command::new("systemd-analyze");
    match analyze.args(["verify", "--recursive-errors=no"]).arg(&copy).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() && said.is_empty(), "{}: {said}", unit.display());
        }
        Err(error) => println!("no systemd-analyze ({error}): units are read as they are"),
    }
}
