/** Where a container finds its volume, what is kept in memory, and the scripts. */
export const DATA_PATH = '/data';
export const RUN_PATH = '/run/redis';
export const SCRIPTS_PATH = '/scripts';
/** The passwords, which are files of a Secret. */
export const PASSWORDS_PATH = '/passwords';
/** The list of users, and the passwords of those. */
export const USERS_PATH = '/users';
export const USER_PASSWORDS_PATH = '/user-passwords';
/** The passwords of a server that is followed. */
export const SOURCE_PASSWORDS_PATH = '/source-passwords';
/** Certificate, key and CA, as Kubernetes brings them. */
export const TLS_PATH = '/tls';
