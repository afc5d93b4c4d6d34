package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"path"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

func main() {
	sentinels, name := strings.Split(os.Getenv("REDIS_SENTINELS"), ","), os.Getenv("REDIS_MASTER_NAME")
	password, sentinelPassword := os.Getenv("REDIS_PASSWORD"), os.Getenv("REDIS_SENTINEL_PASSWORD")
	ca := must(os.ReadFile(os.Getenv("REDIS_TLS_CA")))
	folder := os.Getenv("CLIENT_CERTIFICATE")
	certificate := must(tls.LoadX509KeyPair(path.Join(folder, "tls.crt"), path.Join(folder, "tls.key")))
	_ = certificate // not all show it

	// the block of the page

	ctx, keys := context.Background(), bufio.NewScanner(os.Stdin)
	for keys.Scan() {
		key := keys.Text()
		err := client.Set(ctx, key, key, 0).Err()
		value := ""
		if err == nil {
			value, err = client.Get(ctx, key).Result()
		}
		switch {
		case err != nil:
			fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
		case value != key:
			fmt.Println("another value")
		default:
			fmt.Println("OK")
		}
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
