package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
	"github.com/redis-sentinel-cluster/cdk8s-redis-sentinel-cluster-go/redissentinel"
)

func main() {
	chart := cdk8s.NewChart(cdk8s.NewApp(nil), jsii.String("shop"), nil)
	deployment := &redissentinel.DeploymentOptions{RevisionHistoryLimit: jsii.Number(101)}
	redissentinel.NewRedisSentinelCluster(chart, jsii.String("cache"), &redissentinel.RedisSentinelClusterProps{
		Nodes: &redissentinel.NodesOptions{
			Replicas: jsii.Number(10),
			ReplicaOverrides: &redissentinel.ReplicaOverrides{
				Replica2: &redissentinel.MemberOptions{Deployment: deployment},
			},
		},
	})
}
