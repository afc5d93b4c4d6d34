import io.github.redissentinelcluster.cdk8s.DeploymentOptions;
import io.github.redissentinelcluster.cdk8s.MemberOptions;
import io.github.redissentinelcluster.cdk8s.NodesOptions;
import io.github.redissentinelcluster.cdk8s.RedisSentinelCluster;
import io.github.redissentinelcluster.cdk8s.ReplicaOverrides;
import org.cdk8s.App;
import org.cdk8s.Chart;

public final class Mistake {
  public static void main(String[] args) {
    DeploymentOptions deployment = DeploymentOptions.builder().revisionHistoryLimit(101).build();
    RedisSentinelCluster.Builder.create(new Chart(new App(), "shop"), "cache")
        .nodes(NodesOptions.builder()
            .replicas(10)
            .replicaOverrides(ReplicaOverrides.builder()
                .replica2(MemberOptions.builder().deployment(deployment).build())
                .build())
            .build())
        .build();
  }
}
