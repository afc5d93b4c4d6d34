/** An image's name, taken apart. */
export interface Reference {
  /** With the registry; that of an official image of Docker Hub is `docker.io/library/…`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** A host has a dot or a port, or is `localhost`; everything else is on Docker Hub. */
const HOST = /^([^/]*[.:][^/]*|localhost)\//;

/** @see https://github.com/distribution/reference */
export function parseReference(image: string): Reference {
  const [named = '', digest] = image.split('@');
  // A colon before the last slash is that of a port.
  const [, repository = '', tag] = /^(.*?)(?::([^:/]*))?$/.exec(named) ?? [];
  const path = HOST.test(repository)
    ? repository
    : `docker.io/${repository.includes('/') ? repository : `library/${repository}`}`;
  return { repository: path, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}
