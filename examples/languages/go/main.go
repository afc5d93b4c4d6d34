package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus27/v2"
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus27/v2/k8s"
	"github.com/redis-sentinel-cluster/cdk8s-redis-sentinel-cluster-go/redissentinel"
)

// minimal has everything as by default.
func minimal(app cdk8s.App) {
	chart := cdk8s.NewChart(app, jsii.String("minimal"), &cdk8s.ChartProps{Namespace: jsii.String("minimal")})
	redissentinel.NewRedisSentinelCluster(chart, jsii.String("cache"), nil)
}

// production has a zone for each node, and one replica that is larger than the other.
func production(app cdk8s.App) {
	chart := cdk8s.NewChart(app, jsii.String("production"), &cdk8s.ChartProps{Namespace: jsii.String("orders")})
	redissentinel.NewRedisSentinelCluster(chart, jsii.String("orders"), &redissentinel.RedisSentinelClusterProps{
		Nodes: &redissentinel.NodesOptions{
			Resources: resources(cdk8splus27.Cpu_Millis(jsii.Number(500))),
			Storage: redissentinel.Storage_Claim(&redissentinel.ClaimOptions{
				Size:             cdk8s.Size_Gibibytes(jsii.Number(10)),
				StorageClassName: jsii.String("fast"),
			}),
			Scheduling: &redissentinel.SchedulingOptions{
				Spread:      redissentinel.Spread_REQUIRED,
				Tolerations: &[]*k8s.Toleration{{Key: jsii.String("redis"), Operator: jsii.String("Exists")}},
			},
			Master: &redissentinel.MemberOptions{Scheduling: zone("zone-a")},
			ReplicaOverrides: &redissentinel.ReplicaOverrides{
				Replica1: &redissentinel.MemberOptions{
					Scheduling: zone("zone-b"),
					Resources:  resources(cdk8splus27.Cpu_Units(jsii.Number(2))),
				},
				Replica2: &redissentinel.MemberOptions{Scheduling: zone("zone-c")},
			},
		},
		Sentinels: &redissentinel.SentinelsOptions{
			Scheduling: &redissentinel.SchedulingOptions{Spread: redissentinel.Spread_REQUIRED},
		},
		Settings: &redissentinel.RedisSettings{
			MaxmemoryPolicy: redissentinel.MaxmemoryPolicy_ALLKEYS_LFU,
			Timeout:         cdk8s.Duration_Minutes(jsii.Number(10)),
			Directives: &map[string]*string{
				"stream-node-max-entries": jsii.String("200"),
				"hll-sparse-max-bytes":    jsii.String("4000"),
			},
		},
		NetworkPolicy: &redissentinel.NetworkPolicyOptions{
			Clients: &[]redissentinel.Client{redissentinel.Client_Pods(&redissentinel.ClientOptions{
				NamespaceLabels: &map[string]*string{"team": jsii.String("checkout")},
				PodLabels:       &map[string]*string{"app": jsii.String("checkout")},
			})},
		},
	})
}

// client is an application that finds its cluster by variables, and is let in by its labels.
func client(app cdk8s.App) {
	chart := cdk8s.NewChart(app, jsii.String("client"), &cdk8s.ChartProps{Namespace: jsii.String("shop")})
	cache := redissentinel.NewRedisSentinelCluster(chart, jsii.String("cache"), nil)
	shop := cdk8splus27.NewDeployment(chart, jsii.String("shop"), &cdk8splus27.DeploymentProps{
		PodMetadata: &cdk8s.ApiObjectMetadata{Labels: cache.Connection().ClientLabels()},
		Containers: &[]*cdk8splus27.ContainerProps{{
			Image:        jsii.String("registry.example.com/shop:1.4.0"),
			EnvVariables: cache.Connection().ToEnv(nil),
		}},
	})
	// Pod Security `restricted` wants two things more, for which this class has no prop.
	cdk8s.ApiObject_Of(shop).AddJsonPatch(
		cdk8s.JsonPatch_Add(jsii.String("/spec/template/spec/securityContext/seccompProfile"),
			map[string]string{"type": "RuntimeDefault"}),
		cdk8s.JsonPatch_Add(jsii.String("/spec/template/spec/containers/0/securityContext/capabilities"),
			map[string][]string{"drop": {"ALL"}}),
	)
}

func zone(name string) *redissentinel.SchedulingOptions {
	return &redissentinel.SchedulingOptions{Zone: jsii.String(name)}
}

func resources(cpu cdk8splus27.Cpu) *cdk8splus27.ContainerResources {
	memory := cdk8s.Size_Gibibytes(jsii.Number(4))
	return &cdk8splus27.ContainerResources{
		Cpu:    &cdk8splus27.CpuResources{Request: cpu},
		Memory: &cdk8splus27.MemoryResources{Request: memory, Limit: memory},
	}
}

func main() {
	app := cdk8s.NewApp(nil)
	for _, chart := range []func(cdk8s.App){minimal, production, client} {
		chart(app)
	}
	app.Synth()
}
