import java.io.File;
import java.util.Arrays;
import java.util.Scanner;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;

class Jedis {
  public static void main(String[] none) {
    String[] addresses = System.getenv("REDIS_SENTINELS").split(",");
    Set<HostAndPort> sentinels = Arrays.stream(addresses).map(HostAndPort::from).collect(Collectors.toSet());
    String name = System.getenv("REDIS_MASTER_NAME");
    String password = System.getenv("REDIS_PASSWORD");
    String sentinelPassword = System.getenv("REDIS_SENTINEL_PASSWORD");
    String certificate = System.getenv("CLIENT_CERTIFICATE");
    char[] storePassword = System.getenv("STORE_PASSWORD").toCharArray();

    // the block of the page

    for (Scanner keys = new Scanner(System.in); keys.hasNextLine(); ) {
      String key = keys.nextLine();
      try {
        client.set(key, key);
        System.out.println(key.equals(client.get(key)) ? "OK" : "another value");
      } catch (RuntimeException error) {
        System.out.println(error.toString().replace('\n', ' '));
      }
    }
  }
}
