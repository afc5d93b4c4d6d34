/** Which pods are clients. */
export interface ClientOptions {
  /** Labels of the pods. @default - all pods of the namespaces */
  readonly podLabels?: Record<string, string>;
  /** Labels of their namespaces. @default - the cluster's own namespace */
  readonly namespaceLabels?: Record<string, string>;
}

/** Pods that are clients. A class and not a plain object, so that none is lost on the way from another language. */
export class Client {
  /**
   * Pods with these labels, in namespaces with those.
   *
   * @example
   * { networkPolicy: { clients: [Client.pods({ namespaceLabels: { team: 'shop' } })] } }
   */
  public static pods(options: ClientOptions): Client {
    return new Client('pods', options);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'pods',
    /** @internal */
    public readonly _options: ClientOptions,
  ) {}
}

/** Who may reach whom. */
export interface NetworkPolicyOptions {
  /**
   * Render the policies. Without them everybody in the network reaches the cluster. For members with `hostNetwork` they do not hold,
   * and they let in and out to all of the network where that is needed.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Pods that may connect to nodes, sentinels and proxies; none where the list is empty.
   *
   * @default - those of this namespace with `connection.clientLabels`
   */
  readonly clients?: Client[];

  /** Ports of DNS, TCP and UDP. @default - 53, and 5353 for OpenShift */
  readonly dnsPorts?: number[];
}
