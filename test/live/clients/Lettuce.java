import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.File;
import java.time.Duration;
import java.util.Scanner;

class Lettuce {
  public static void main(String[] none) {
    String[] sentinels = System.getenv("REDIS_SENTINELS").split(",");
    String name = System.getenv("REDIS_MASTER_NAME");
    String password = System.getenv("REDIS_PASSWORD");
    String sentinelPassword = System.getenv("REDIS_SENTINEL_PASSWORD");
    String ca = System.getenv("REDIS_TLS_CA");
    String certificate = System.getenv("CLIENT_CERTIFICATE");

    // the block of the page

    RedisCommands<String, String> commands = client.connect().sync();
    for (Scanner keys = new Scanner(System.in); keys.hasNextLine(); ) {
      String key = keys.nextLine();
      try {
        commands.set(key, key);
        System.out.println(key.equals(commands.get(key)) ? "OK" : "another value");
      } catch (RuntimeException error) {
        System.out.println(error.toString().replace('\n', ' '));
      }
    }
  }
}
