import { Finding, Rule } from '../core/rule';
import { Risk, risky } from '../risks';
import { ResolvedAuth } from './resolve';

const passwordIsAsked: Rule<ResolvedAuth> = ({ auth }) =>
  auth.kind === 'none'
    ? [
        risky(Risk.NO_AUTH, {
          rule: 'no-auth',
          property: 'auth',
          value: 'none',
          must: 'lets everybody who reaches the port read and delete the data',
          remedy: "write Auth.secret({ secretName: '…' })",
        }),
      ]
    : [];

const passwordIsSecret: Rule<ResolvedAuth> = ({ auth: { plainText } }) => {
  if (plainText === undefined) return [];
  const values = new Set(Object.values(plainText));
  const broken: Finding[] = [...values]
    .filter((value) => value === '' || /[\r\n]/.test(value))
    .map(() => ({
      rule: 'password-text',
      property: 'auth.password',
      value: '(not shown)',
      must: 'must not be empty, and must be one line',
      remedy: 'write another password',
    }));
  return [
    ...broken,
    risky(Risk.PLAIN_TEXT_PASSWORD, {
      rule: 'plain-text-password',
      property: 'auth',
      value: '(not shown)',
      must: 'puts a password in clear into the manifest, and so into Git',
      remedy: "write Auth.secret({ secretName: '…' })",
    }),
  ];
};

export const AUTH_RULES = [passwordIsAsked, passwordIsSecret];
