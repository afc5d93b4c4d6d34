from cdk8s import ApiObject, ApiObjectMetadata, App, Chart, Duration, JsonPatch, Size
from cdk8s_plus_27 import ContainerProps, ContainerResources, Cpu, CpuResources, Deployment, MemoryResources, k8s
from cdk8s_redis_sentinel_cluster import (
    Client,
    MaxmemoryPolicy,
    MemberOptions,
    NetworkPolicyOptions,
    NodesOptions,
    RedisSentinelCluster,
    RedisSettings,
    ReplicaOverrides,
    SchedulingOptions,
    SentinelsOptions,
    Spread,
    Storage,
)


def minimal(app: App) -> None:
    """Everything as by default."""
    chart = Chart(app, "minimal", namespace="minimal")
    RedisSentinelCluster(chart, "cache")


def production(app: App) -> None:
    """A zone for each node, and one replica that is larger than the other."""
    chart = Chart(app, "production", namespace="orders")
    RedisSentinelCluster(
        chart,
        "orders",
        nodes=NodesOptions(
            resources=resources(Cpu.millis(500)),
            storage=Storage.claim(size=Size.gibibytes(10), storage_class_name="fast"),
            scheduling=SchedulingOptions(
                spread=Spread.REQUIRED,
                tolerations=[k8s.Toleration(key="redis", operator="Exists")],
            ),
            master=MemberOptions(scheduling=SchedulingOptions(zone="zone-a")),
            replica_overrides=ReplicaOverrides(
                replica1=MemberOptions(scheduling=SchedulingOptions(zone="zone-b"), resources=resources(Cpu.units(2))),
                replica2=MemberOptions(scheduling=SchedulingOptions(zone="zone-c")),
            ),
        ),
        sentinels=SentinelsOptions(scheduling=SchedulingOptions(spread=Spread.REQUIRED)),
        settings=RedisSettings(
            maxmemory_policy=MaxmemoryPolicy.ALLKEYS_LFU,
            timeout=Duration.minutes(10),
            directives={"stream-node-max-entries": "200", "hll-sparse-max-bytes": "4000"},
        ),
        network_policy=NetworkPolicyOptions(
            clients=[Client.pods(namespace_labels={"team": "checkout"}, pod_labels={"app": "checkout"})],
        ),
    )


def client(app: App) -> None:
    """An application that finds its cluster by variables, and is let in by its labels."""
    chart = Chart(app, "client", namespace="shop")
    cache = RedisSentinelCluster(chart, "cache")
    shop = Deployment(
        chart,
        "shop",
        pod_metadata=ApiObjectMetadata(labels=cache.connection.client_labels),
        containers=[
            ContainerProps(image="registry.example.com/shop:1.4.0", env_variables=cache.connection.to_env()),
        ],
    )
    # Pod Security `restricted` wants two things more, for which this class has no prop.
    ApiObject.of(shop).add_json_patch(
        JsonPatch.add("/spec/template/spec/securityContext/seccompProfile", {"type": "RuntimeDefault"}),
        JsonPatch.add("/spec/template/spec/containers/0/securityContext/capabilities", {"drop": ["ALL"]}),
    )


def resources(cpu: Cpu) -> ContainerResources:
    memory = Size.gibibytes(4)
    return ContainerResources(cpu=CpuResources(request=cpu), memory=MemoryResources(request=memory, limit=memory))


if __name__ == "__main__":
    app = App()
    for chart in (minimal, production, client):
        chart(app)
    app.synth()
