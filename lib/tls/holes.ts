import { Product } from '../image/props';

/**
 * The first patch of each line without a hole in TLS that is known: whoever reaches the port may run what he likes, without a
 * password. A client that is cut off in the middle of a handshake is used after it is freed, and a hand-over cuts clients off.
 *
 * @see https://nvd.nist.gov/vuln/detail/CVE-2026-81934
 * @see https://nvd.nist.gov/vuln/detail/CVE-2026-56684
 */
export const SAFE_TLS: Readonly<Record<Product, Readonly<Record<string, number>>>> = {
  [Product.REDIS]: { '7.2': 16, '7.4': 11, '8.2': 9, '8.4': 6, '8.6': 6, '8.8': 2, '8.10': 1 },
  [Product.VALKEY]: { '7.2': 14, '8.0': 10, '8.1': 9, '9.0': 5, '9.1': 1 },
};
