# requires: kubernetes-validate==1.37.0 cloudcoil-models-keda==2.16.1.0
"""Compares objects, as YAML on standard input, with the schemas that Kubernetes publishes of each release and with KEDA's: a field
that they do not have, one that is missing, or a value of another type ends it. The packages bring the schemas along, so
nothing is asked of the network.
"""
import sys

import yaml
from cloudcoil.models.keda.v1alpha1 import ScaledObject
from kubernetes_validate import validate

# Those that deploy/kubernetes/README.md names: sidecars that end after the others came with 1.29.
RELEASES = [f"1.{minor}" for minor in range(29, 38)]


def check(thing):
    if thing["apiVersion"] == "keda.sh/v1alpha1":
        # What the schema does not have is not kept.
        kept = ScaledObject.model_validate(thing).model_dump(by_alias=True, exclude_unset=True, mode="json")
        assert kept == thing, f"of {thing}\nthe schema has only {kept}"
        return "KEDA"
    for release in RELEASES:
        validate(thing, release, strict=True)
    return f"Kubernetes {RELEASES[0]} to {RELEASES[-1]}"


def refuses(thing):
    try:
        check(thing)
    except Exception:
        return
    raise SystemExit(f"a fault was not found in {thing}")


for thing in yaml.safe_load_all(sys.stdin):
    print(f"ok: {thing['kind']} {thing['metadata']['name']}: {check(thing)}")
    # Whoever finds nothing must be able to find something.
    if "spec" in thing:
        refuses({**thing, "spec": {**thing["spec"], "replicaz": 1}})
