import io.github.redissentinelcluster.cdk8s.ClaimOptions;
import io.github.redissentinelcluster.cdk8s.Client;
import io.github.redissentinelcluster.cdk8s.ClientOptions;
import io.github.redissentinelcluster.cdk8s.MaxmemoryPolicy;
import io.github.redissentinelcluster.cdk8s.MemberOptions;
import io.github.redissentinelcluster.cdk8s.NetworkPolicyOptions;
import io.github.redissentinelcluster.cdk8s.NodesOptions;
import io.github.redissentinelcluster.cdk8s.RedisSentinelCluster;
import io.github.redissentinelcluster.cdk8s.RedisSettings;
import io.github.redissentinelcluster.cdk8s.ReplicaOverrides;
import io.github.redissentinelcluster.cdk8s.SchedulingOptions;
import io.github.redissentinelcluster.cdk8s.SentinelsOptions;
import io.github.redissentinelcluster.cdk8s.Spread;
import io.github.redissentinelcluster.cdk8s.Storage;
import java.util.List;
import java.util.Map;
import org.cdk8s.ApiObject;
import org.cdk8s.ApiObjectMetadata;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;
import org.cdk8s.JsonPatch;
import org.cdk8s.Size;
import org.cdk8s.plus27.ContainerProps;
import org.cdk8s.plus27.ContainerResources;
import org.cdk8s.plus27.Cpu;
import org.cdk8s.plus27.CpuResources;
import org.cdk8s.plus27.Deployment;
import org.cdk8s.plus27.MemoryResources;
import org.cdk8s.plus27.k8s.Toleration;

public final class Main {
  /** Everything as by default. */
  static void minimal(App app) {
    Chart chart = new Chart(app, "minimal", ChartProps.builder().namespace("minimal").build());
    new RedisSentinelCluster(chart, "cache");
  }

  /** A zone for each node, and one replica that is larger than the other. */
  static void production(App app) {
    Chart chart = new Chart(app, "production", ChartProps.builder().namespace("orders").build());
    RedisSentinelCluster.Builder.create(chart, "orders")
        .nodes(NodesOptions.builder()
            .resources(resources(Cpu.millis(500)))
            .storage(Storage.claim(ClaimOptions.builder().size(Size.gibibytes(10)).storageClassName("fast").build()))
            .scheduling(SchedulingOptions.builder()
                .spread(Spread.REQUIRED)
                .tolerations(List.of(Toleration.builder().key("redis").operator("Exists").build()))
                .build())
            .master(MemberOptions.builder().scheduling(zone("zone-a")).build())
            .replicaOverrides(ReplicaOverrides.builder()
                .replica1(MemberOptions.builder()
                    .scheduling(zone("zone-b"))
                    .resources(resources(Cpu.units(2)))
                    .build())
                .replica2(MemberOptions.builder().scheduling(zone("zone-c")).build())
                .build())
            .build())
        .sentinels(SentinelsOptions.builder()
            .scheduling(SchedulingOptions.builder().spread(Spread.REQUIRED).build())
            .build())
        .settings(RedisSettings.builder()
            .maxmemoryPolicy(MaxmemoryPolicy.ALLKEYS_LFU)
            .timeout(Duration.minutes(10))
            .directives(Map.of("stream-node-max-entries", "200", "hll-sparse-max-bytes", "4000"))
            .build())
        .networkPolicy(NetworkPolicyOptions.builder()
            .clients(List.of(Client.pods(ClientOptions.builder()
                .namespaceLabels(Map.of("team", "checkout"))
                .podLabels(Map.of("app", "checkout"))
                .build())))
            .build())
        .build();
  }

  /** An application that finds its cluster by variables, and is let in by its labels. */
  static void client(App app) {
    Chart chart = new Chart(app, "client", ChartProps.builder().namespace("shop").build());
    RedisSentinelCluster cache = new RedisSentinelCluster(chart, "cache");
    Deployment shop = Deployment.Builder.create(chart, "shop")
        .podMetadata(ApiObjectMetadata.builder().labels(cache.getConnection().getClientLabels()).build())
        .containers(List.of(ContainerProps.builder()
            .image("registry.example.com/shop:1.4.0")
            .envVariables(cache.getConnection().toEnv())
            .build()))
        .build();
    // Pod Security `restricted` wants two things more, for which this class has no prop.
    ApiObject.of(shop).addJsonPatch(
        JsonPatch.add("/spec/template/spec/securityContext/seccompProfile", Map.of("type", "RuntimeDefault")),
        JsonPatch.add("/spec/template/spec/containers/0/securityContext/capabilities",
            Map.of("drop", List.of("ALL"))));
  }

  static SchedulingOptions zone(String name) {
    return SchedulingOptions.builder().zone(name).build();
  }

  static ContainerResources resources(Cpu cpu) {
    Size memory = Size.gibibytes(4);
    return ContainerResources.builder()
        .cpu(CpuResources.builder().request(cpu).build())
        .memory(MemoryResources.builder().request(memory).limit(memory).build())
        .build();
  }

  public static void main(String[] args) {
    App app = new App();
    minimal(app);
    production(app);
    client(app);
    app.synth();
  }
}
