import { Member } from '../member/parts';

/** One sentinel: it watches the master, and with a majority of the others it names a new one. */
export class Sentinel extends Member {}
