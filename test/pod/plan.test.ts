import { describe, expect, test } from '@jest/globals';
import { joined } from '../../lib/pod/plan';

const variable = (name: string) => ({ name, value: name });
const mount = (name: string) => ({ name, mountPath: `/${name}` });

describe('What features add to a pod', () => {
  test('is one container for each name, with the lists of all, and first what each container gets.', () => {
    const additions = [
      { containers: [{ name: 'redis', env: [variable('A')] }], everywhere: { env: [variable('FIRST')] } },
      { containers: [{ name: 'keeper', image: 'k' }], volumes: [{ name: 'data', emptyDir: {} }] },
      {
        containers: [{ name: 'redis', image: 'r', env: [variable('B')], volumeMounts: [mount('own')] }],
        initContainers: [{ name: 'names', image: 'n' }],
        everywhere: { volumeMounts: [mount('data')] },
      },
    ];
    const all = { env: [variable('FIRST')], volumeMounts: [mount('data')] };
    expect(joined(additions)).toEqual({
      containers: [
        {
          name: 'redis',
          image: 'r',
          env: [...all.env, variable('A'), variable('B')],
          volumeMounts: [...all.volumeMounts, mount('own')],
        },
        { name: 'keeper', image: 'k', ...all },
      ],
      initContainers: [{ name: 'names', image: 'n', ...all }],
      volumes: [{ name: 'data', emptyDir: {} }],
    });
  });

  test('is said by one of them, where it is no list.', () => {
    const additions = [
      { containers: [{ name: 'redis', image: 'one' }] },
      { containers: [{ name: 'redis', image: 'two' }] },
    ];
    expect(() => joined(additions)).toThrow('two features say image of the container redis');
  });
});
