/** Variables of HAProxy's own process: how it says at a node, and at a sentinel, who it is, in hexadecimal. */
export const NODE_LOGIN = 'NODE_LOGIN';
export const SENTINEL_LOGIN = 'SENTINEL_LOGIN';
