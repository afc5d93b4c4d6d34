import { Member } from '../member/parts';

/** One Redis server. Its role at the first start is in its name; its running role is what the sentinels say. */
export class RedisNode extends Member {}
