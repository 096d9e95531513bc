import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 collect garbage whenever the heap has grown by 20 %. By itself it lets a process that makes much garbage, for
 * mails or rows of files, grow by hundreds of MB first. Call it at the start. Costs processor time that nobody waits for.
 */
export const keepHeapSmall = () => setFlagsFromString('--heap-growing-percent=20')
