import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

/** Makes what an operator makes the Secret of: no password is in Git. */
export type Password = (scope: Construct, secret: string) => void;

/** External Secrets fetches it from a vault. What the API server would add is written out, or Argo CD sees a difference. */
export function externalSecret(key: string): Password {
  return (scope, secret) => {
    new ApiObject(scope, 'password', {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: secret },
      spec: {
        refreshInterval: '1h0m0s',
        secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
        target: { name: secret, creationPolicy: 'Owner', deletionPolicy: 'Retain' },
        data: [
          {
            secretKey: 'password',
            remoteRef: {
              key,
              property: 'password',
              conversionStrategy: 'Default',
              decodingStrategy: 'None',
              metadataPolicy: 'None',
            },
          },
        ],
      },
    });
  };
}

/** Sealed Secrets decrypts it in the cluster, and only for a Secret of this name in this namespace. */
export function sealedSecret(password: string): Password {
  return (scope, secret) => {
    new ApiObject(scope, 'password', {
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: { name: secret },
      spec: { encryptedData: { password }, template: { metadata: { name: secret } } },
    });
  };
}
