"""What was there before the stack: the zones, certificates, networks and buckets that its resources refer to."""

import json
import re
from contextlib import nullcontext
from ipaddress import ip_network
from os.path import commonprefix
from unittest.mock import patch

from moto.acm.models import CertBundle, acm_backends
from moto.ec2.models import ec2_backends
from moto.route53.models import route53_backends
from moto.s3.models import s3_backends

from .corrections import ACCOUNT

CERTIFICATE = re.compile(r"arn:aws:acm:([a-z0-9-]+):\d{12}:certificate/[0-9a-f-]+")
NETWORK = re.compile(r"\b(?:vpc|subnet|sg)-[0-9a-f]{8,}\b")
ANY_NETWORK = ip_network("10.255.0.0/16")


def create(plan, region, workspace):
    """Creates whatever a plan names by an identifier that AWS gives: one that is known before the apply is of something
    that exists. Returns the identifiers."""
    with open(plan, encoding="utf-8") as file:
        plan = json.load(file)
    resources = [(change["type"], change["change"]["after"] or {}) for change in plan["resource_changes"]]
    # A list with an unknown element is unknown as a whole: its other elements stand in the configuration, or in the
    # environment's row of the table.
    configuration = plan["configuration"]
    configuration["root_module"].pop("variables", None)
    row = plan["variables"]["environments"]["value"][workspace]
    everything = "\n".join(strings([plan["resource_changes"], configuration, row]))

    found = zones(resources)
    for match in {match[0]: match for match in CERTIFICATE.finditer(everything)}.values():
        certificate(match[0], match[1])
        found.append(match[0])
    return found + network(sorted(set(NETWORK.findall(everything))), region)


def strings(value):
    """Every string inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def zones(resources):
    """Hosted zones that records stand in. Each has the longest name that all its records end with."""
    names = {}
    for kind, values in resources:
        if kind == "aws_route53_record" and "zone_id" in values:
            name = values.get("name")  # unknown before the apply where a certificate says it
            known = names.setdefault(values["zone_id"], [])
            known.extend([name.rstrip(".").split(".")[::-1]] if name else [])
    backend = route53_backends[ACCOUNT]["aws"]
    for identifier, known in names.items():
        labels = commonprefix(known or [["example", "existing"]])
        zone = backend.create_hosted_zone(".".join(labels[::-1]) + ".", private_zone=False)
        backend.zones[identifier] = backend.zones.pop(zone.resource_id)
        zone.resource_id = identifier
    return list(names)


def certificate(arn, region):
    """An issued certificate of this ARN."""
    bundle = CertBundle.generate_cert("existing.example", ACCOUNT, region)
    bundle.arn, bundle.status = arn, "ISSUED"
    acm_backends[ACCOUNT][region]._certificates[arn] = bundle


def network(identifiers, region):
    """VPCs, subnets and security groups of these identifiers; all of them in one VPC, whether it is named or not."""
    if not identifiers:
        return []
    backend = ec2_backends[ACCOUNT][region]
    kinds = {kind: [each for each in identifiers if each.startswith(kind)] for kind in ("vpc-", "subnet-", "sg-")}
    with named("vpcs.random_vpc_id", *kinds["vpc-"]):
        vpc = backend.create_vpc(str(ANY_NETWORK))
    places = backend.describe_availability_zones()[:2]
    blocks = ANY_NETWORK.subnets(new_prefix=24)
    for index, identifier in enumerate(kinds["subnet-"]):
        with named("subnets.random_subnet_id", identifier):
            backend.create_subnet(vpc.id, str(next(blocks)), availability_zone=places[index % 2].name)
    for identifier in kinds["sg-"]:
        with named("security_groups.random_security_group_id", identifier):
            backend.create_security_group(identifier, "There before the stack", vpc.id)
    return identifiers


def named(generator, *identifiers):
    """Lets moto take these identifiers instead of random ones; random ones where there are none."""
    return patch(f"moto.ec2.models.{generator}", side_effect=identifiers) if identifiers else nullcontext()


def bucket(name, region):
    """A versioned bucket, as the one of the state."""
    backend = s3_backends[ACCOUNT]["aws"]
    backend.create_bucket(name, region)
    backend.put_bucket_versioning(name, "Enabled")
    return name
