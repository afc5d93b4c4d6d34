import { describe, expect, test } from '@jest/globals';
import { AclUser, HealthCheckOptions, Servers, UserPassword } from '../../lib';
import { allOf, configMap, container, environment, find, podOf } from '../support/manifests';
import { synth } from '../support/synth';

const healthCheck: HealthCheckOptions = {};
const listOf = (...users: AclUser[]): string[] =>
  (find(synth({ users }), 'ConfigMap', 'cache-users').data['users'] ?? '').split('\n').slice(0, -1);

describe('The list of users', () => {
  test.each([
    [
      'an application, which may do nothing that is dangerous',
      AclUser.application('a', { keys: ['a:*', 'b:*'], channels: ['c'], on: Servers.NODES }),
      'a redis on cache-users/a ~a:* ~b:* &c -@all +@all -@admin -@dangerous +info +role +client|setname +client|setinfo +client|id +command',
    ],
    [
      'a reader, who may write nothing',
      AclUser.readOnly('a', { keys: ['a:*'], on: Servers.NODES }),
      'a redis on cache-users/a %R~a:* &* -@all +@read +@connection +@transaction -@write -@admin -@dangerous +subscribe +psubscribe +unsubscribe +punsubscribe +info +role +client|setname +client|setinfo +client|id +command',
    ],
    [
      'an exporter, who may see no key',
      AclUser.exporter('a', { on: Servers.NODES }),
      'a redis on cache-users/a -@all +ping +info +client|setname +command|info +slowlog|len +latency|latest +dbsize',
    ],
    [
      'an administrator',
      AclUser.administrator('a', { on: Servers.NODES }),
      'a redis on cache-users/a ~* &* -@all +@all',
    ],
    [
      'one of his own, where a command says more than a category, and what is denied more than what is allowed',
      AclUser.custom('a', {
        keys: { writeOnly: ['w'], readOnly: ['r'], readWrite: ['b'] },
        commands: { deny: ['@Write', 'GET'], allow: ['get', '@all', 'config|get'] },
        on: Servers.NODES,
      }),
      'a redis on cache-users/a ~b %R~r %W~w -@all +@all -@write +get +config|get -get',
    ],
    [
      'one that may not log in, with two passwords',
      AclUser.custom('a', {
        enabled: false,
        passwords: [UserPassword.key('now'), UserPassword.key('next', { secretName: 'people' })],
        on: Servers.NODES,
      }),
      'a redis off cache-users/now,people/next -@all',
    ],
    [
      'one of the sentinels, who may ask what clients ask',
      AclUser.administrator('a', { on: Servers.SENTINELS }),
      'a sentinel on cache-users/a &* -@all +@all',
    ],
  ])('has %s.', (_, user, line) => {
    expect(listOf(user)).toEqual([line]);
  });

  test('has a line for nodes and one for sentinels, where clients ask who is master.', () => {
    const lines = listOf(AclUser.application('a'), AclUser.readOnly('b'));
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'a redis',
      'a sentinel',
      'b redis',
      'b sentinel',
    ]);
    expect(lines[1]).toMatch(/^a sentinel on cache-users\/a &\* -@all \+ping .* \+sentinel\|get-master-addr-by-name /);
    expect(lines[1]).not.toMatch(/sentinel\|(set|failover|reset|monitor|remove|config)|[+]@|~/);
  });

  test('has always the same name, and a change of it changes no pod.', () => {
    const [one, other] = [[AclUser.application('a')], [AclUser.readOnly('b'), AclUser.application('c')]].map((users) =>
      synth({ users }).filter(({ metadata }) => metadata.name !== 'cache-users'),
    );
    expect(one).toEqual(other);
  });

  test('is where keepers, servers and the check find it, and the passwords where keepers do.', () => {
    const users = [
      AclUser.application('a'),
      AclUser.application('b', { passwords: [UserPassword.key('b', { secretName: 'people' })] }),
    ];
    const objects = synth({ users, healthCheck });
    for (const member of ['cache-master', 'cache-sentinel-2']) {
      const server = member === 'cache-master' ? 'redis' : 'sentinel';
      const paths = (name: string): string[] =>
        (container(objects, member, name).volumeMounts ?? [])
          .map(({ mountPath }) => mountPath)
          .filter((path) => path.startsWith('/user'));
      expect(paths('keeper')).toEqual(['/users', '/user-passwords/cache-users', '/user-passwords/people']);
      expect(paths(server)).toEqual(['/users']);
      expect(environment(objects, container(objects, member, 'keeper'))).toMatchObject({
        USERS_DIR: '/users',
        USER_PASSWORDS_DIR: '/user-passwords',
      });
      const secrets = (podOf(objects, member).volumes ?? []).flatMap(({ name, secret }) =>
        name.startsWith('user-') ? [secret] : [],
      );
      expect(secrets).toEqual([
        { secretName: 'cache-users', defaultMode: 0o440, optional: true },
        { secretName: 'people', defaultMode: 0o440, optional: true },
      ]);
    }
    expect(JSON.stringify(allOf(objects, 'Job'))).toMatch('"mountPath":"/users"');
  });

  test('is not there where there are no users.', () => {
    expect(JSON.stringify(synth())).toBe(JSON.stringify(synth({ users: [] })));
    const { data } = configMap(synth({ healthCheck }), 'cache-members');
    expect(data).not.toHaveProperty('USERS_DIR');
  });
});
