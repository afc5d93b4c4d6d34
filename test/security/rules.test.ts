import { describe, expect, test } from '@jest/globals';
import { Ids } from '../../lib';
import { messageOf, refusedWith, synth } from '../support/synth';

describe('An id of the user or a group', () => {
  const idle = (option: string, beside: string, why: string) =>
    `security.${option}: does nothing beside ${beside}: ${why}; delete one of them [without-effect]`;

  test('is not given beside ids that the platform says.', () => {
    const because = ['ids: Ids.PLATFORM', 'the platform says it'] as const;
    expect(messageOf({ security: { ids: Ids.PLATFORM, user: 20001, group: 0, fsGroup: 20003 } })).toBe(
      refusedWith(idle('user = 20001', ...because), idle('group = 0', ...because), idle('fsGroup = 20003', ...because)),
    );
  });

  test('is not given where nothing is restricted.', () => {
    const because = ['restricted: false', 'this section is left out'] as const;
    expect(messageOf({ security: { restricted: false, ids: Ids.FIXED, user: 20001 } })).toBe(
      refusedWith(idle("ids = 'fixed'", ...because), idle('user = 20001', ...because)),
    );
    expect(messageOf({ security: { restricted: false, ids: Ids.PLATFORM, fsGroup: 0 } })).toBe(
      refusedWith(idle("ids = 'platform'", ...because), idle('fsGroup = 0', ...because)),
    );
  });

  test('may be any that Kubernetes takes.', () => {
    expect(synth({ security: { user: 1_000_650_000, group: 0, fsGroup: 0 } })).not.toEqual([]);
    expect(synth({ security: { ids: Ids.FIXED, user: 20001, restricted: true } })).not.toEqual([]);
  });
});
