"""A mock of AWS for one account: moto, with what it gets wrong corrected. `MOTO_ACCOUNT_ID` says which account.

A correction is what AWS answers, and says where AWS says so; none of them is there to make a test pass.
"""

from . import (  # noqa: F401  importing a service corrects it
    applicationautoscaling,
    autoscaling,
    cloudfront,
    codebuild,
    codepipeline,
    ec2,
    ecs,
    efs,
    elasticache,
    elbv2,
    iam,
    rds,
    s3,
    secretsmanager,
    server,
)

server.serve()
