-- What a program for the shell of SQLite can try, as escapes.c does for C. A shell command cannot be told when to run,
-- so what is tried is written to a file that is read then; a row in `through` says that it worked.
.bail off
.mode list
CREATE TABLE wanted(name TEXT);
.import /dev/stdin wanted
CREATE TABLE through(how);
CREATE TABLE attacks(class, name, tried);
INSERT INTO attacks(class, name, tried) VALUES
/* ATTACK */ ('network', 'tcp', '.import "|bash -c ''exec 3<>/dev/tcp/93.184.215.14/80 && echo yes''" through'),
/* ATTACK */ ('network', 'names', '.import "|getent hosts example.com" through'),
/* ATTACK */ ('other processes', 'environment of the runner', '.import /proc/1/environ through'),
/* ATTACK */ ('privileges', 'a setuid program', '.import "|su -c ''echo yes'' </dev/null" through'),
/* ATTACK */ ('files', 'the root', 'INSERT INTO through SELECT 1 WHERE writefile(''/x'', ''x'') > 0;'),
/* ATTACK */ ('files', 'the root by another program', '.shell touch /x' || char(10) || 'INSERT INTO through SELECT 1 WHERE readfile(''/x'') IS NOT NULL;'),
/* ATTACK */ ('files', 'a database in the root', 'ATTACH ''/x'' AS x;' || char(10) || 'CREATE TABLE x.t(a);' || char(10) || 'INSERT INTO through SELECT 1 FROM x.sqlite_schema;'),
/* ATTACK */ ('files', 'the root by an editor', 'SELECT edit('''', ''sh -c "touch /x"'');' || char(10) || 'INSERT INTO through SELECT 1 WHERE readfile(''/x'') IS NOT NULL;'),
/* ATTACK */ ('code', 'run in the working directory', '.import "|cp /bin/echo /app/work/copy && chmod +x /app/work/copy && /app/work/copy yes" through'),
/* ATTACK */ ('code', 'a library in the working directory', '.shell cp /lib/*/libm.so.6 /app/work/x.so' || char(10) || 'INSERT INTO through SELECT load_extension(''/app/work/x.so'', ''fegetround'') IS NULL;'),
/* ATTACK */ ('what is kept secret', 'in the environment', '.import "|env | grep -iE ''^[^=]*(KEY|TOKEN|SECRET|PASS|AMQP|DOCKER)''" through');
.once /tmp/tried.sql
SELECT tried FROM attacks JOIN wanted USING (name);
.output /dev/null
.read /tmp/tried.sql
.output
SELECT iif(EXISTS (SELECT * FROM through), 'through: ' || name, 'contained') FROM attacks JOIN wanted USING (name);
.exit 0
