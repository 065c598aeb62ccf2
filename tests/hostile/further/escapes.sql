-- What a program for the shell of SQLite can try, as escapes.c does for C. A command of the shell cannot be told when to run, so
-- what is tried is written to a file, which another shell reads, whose errors are not this one's; what it prints says that it worked.
.mode list
CREATE TABLE wanted(name TEXT);
.import /dev/stdin wanted
CREATE TABLE through(how);
CREATE TABLE attacks(class, name, tried);
INSERT INTO attacks(class, name, tried) VALUES
/* ATTACK */ ('network', 'tcp', '.shell bash -c ''exec 3<>/dev/tcp/93.184.215.14/80 && echo yes'''),
/* ATTACK */ ('network', 'names', '.shell getent hosts example.com'),
/* ATTACK */ ('other processes', 'environment of the runner', 'CREATE TABLE t(a);
.import /proc/1/environ t
SELECT ''yes'' FROM t;'),
/* ATTACK */ ('privileges', 'a setuid program', '.shell su -c ''echo yes'' </dev/null'),
/* ATTACK */ ('files', 'the root', 'SELECT ''yes'' WHERE writefile(''/x'', ''x'') > 0;'),
/* ATTACK */ ('files', 'the root by another program', '.shell touch /x && echo yes'),
/* ATTACK */ ('files', 'the root by an editor', 'SELECT ''yes'' WHERE edit('''', ''sh -c "touch /x"'') IS NOT NULL;'),
/* ATTACK */ ('files', 'a database in the root', 'ATTACH ''/x'' AS x;
CREATE TABLE x.t(a);
SELECT ''yes'' FROM x.sqlite_schema;'),
/* ATTACK */ ('files', 'a backup to the root', 'CREATE TABLE t(a);
.backup /x
ATTACH ''/x'' AS x;
SELECT ''yes'' FROM x.sqlite_schema;'),
/* ATTACK */ ('code', 'run in the working directory', '.shell cp /bin/true /app/work/copy && chmod +x /app/work/copy && /app/work/copy && echo yes'),
/* ATTACK */ ('code', 'a library in the working directory', '.shell cp /lib/*/libm.so.6 /app/work/x.so
SELECT load_extension(''/app/work/x.so'', ''fegetround''), ''yes'';'),
/* ATTACK */ ('what is kept secret', 'in the environment', '.shell env | grep -i -e KEY -e TOKEN -e SECRET -e PASS -e AMQP -e DOCKER');
.once /tmp/tried.sql
SELECT tried FROM attacks JOIN wanted USING (name);
.import "|sqlite3 -batch :memory: '.read /tmp/tried.sql' </dev/null" through
SELECT iif(EXISTS (SELECT * FROM through), 'through: ' || name, 'contained') FROM attacks JOIN wanted USING (name);
