import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** Certificates of one CA or several, made by openssl. */
export class Authority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tls-'));

  public constructor(private readonly namespace: string) {}

  public ca(name: string): string {
    this.openssl('req', '-x509', ...this.key(name), '-out', `${name}.crt`, '-days', '30', '-subj', `/CN=${name}`);
    return this.read(`${name}.crt`);
  }

  /** A certificate with the names of all members. */
  public leaf(name: string, ca: string, days = 10): Pair {
    this.request(name);
    const of = ['-CA', `${ca}.crt`, '-CAkey', `${ca}.key`, '-CAcreateserial', '-extfile', 'ext'];
    this.openssl('x509', '-req', '-in', `${name}.csr`, ...of, '-out', `${name}.crt`, '-days', String(days));
    return { certificate: this.read(`${name}.crt`), key: this.read(`${name}.key`) };
  }

  /** The same, of which days are too much. */
  public leafUntil(name: string, ca: string, end: Date): Pair {
    this.request(name);
    const settings = 'rand_serial=yes\ndatabase=index\nnew_certs_dir=.\ndefault_md=sha256\npolicy=any';
    writeFileSync(
      join(this.folder, 'settings'),
      `[ca]\ndefault_ca=own\n[own]\n${settings}\n[any]\ncommonName=supplied\n`,
    );
    writeFileSync(join(this.folder, 'index'), '');
    const of = ['-config', 'settings', '-cert', `${ca}.crt`, '-keyfile', `${ca}.key`, '-extfile', 'ext', '-notext'];
    const enddate = end.toISOString().replace(/[-:T]|\.\d+/g, '');
    this.openssl('ca', '-batch', '-in', `${name}.csr`, ...of, '-out', `${name}.crt`, '-enddate', enddate);
    return { certificate: this.read(`${name}.crt`), key: this.read(`${name}.key`) };
  }

  private request(name: string): void {
    this.openssl('req', ...this.key(name), '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const names = `DNS:localhost,DNS:*.${this.namespace}.svc,DNS:*.${this.namespace}.svc.cluster.local`;
    writeFileSync(join(this.folder, 'ext'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`);
  }

  private key(name: string): string[] {
    return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`];
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }

  private read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }
}
