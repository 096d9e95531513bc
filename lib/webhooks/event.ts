/** What a receiver can be told, besides `webhook.test`. The triggers of `change_log` write these names. */
export const eventTypes = [
  'connection.created',
  'connection.changed',
  'connection.withdrawn',
  'connection.expired',
  'permission.paused',
  'permission.resumed',
  'id.merged',
  'person.bound',
  'person.unbound',
  'person.merged',
  'person.left',
  'person.erased',
  'item.written',
  'item.refused',
  'item.deleted',
] as const
export type EventType = (typeof eventTypes)[number]

export const testType = 'webhook.test'

/** After these the receiver hears no more of a person until they are covered again. */
const endings: readonly string[] = [
  'connection.withdrawn',
  'connection.expired',
  'person.unbound',
  'person.merged',
  'person.left',
]

export type Known = 'covered' | 'paused' | 'ended'

/** What the receiver knows of a person, and how things are with them now. */
export type Standing = { known: Known | null; isCovered: boolean; hasStopped: boolean }

/**
 * Which event a row of `change_log` is for a receiver, and what it knows afterwards. Of somebody whom the system was
 * never allowed to know, or who stopped it, it hears nothing.
 */
export function judgeChange(
  kind: string | null,
  { known, isCovered, hasStopped }: Standing,
): [string | null, Known | null] {
  if (kind === 'person.erased') return known ? [kind, null] : [null, null]
  if (isCovered) return [kind ?? (known === 'covered' ? null : beginning(known)), 'covered']
  if (known === null || known === 'ended') return [null, known]
  if (hasStopped) return known === 'covered' ? ['permission.paused', 'paused'] : [null, known]
  if (kind !== null && endings.includes(kind)) return [kind, 'ended']
  return kind === 'id.merged' ? [kind, known] : [null, known]
}

const beginning = (known: Known | null) => (known === 'paused' ? 'permission.resumed' : 'connection.created')

export type Decision = 'send' | 'withhold' | 'say_paused'

/** Whether a delivery may still go out, at the time when it is sent. */
export function decide(type: string, { isCovered, hasStopped }: Omit<Standing, 'known'>): Decision {
  if (type === testType || type === 'person.erased' || type === 'permission.paused') return 'send'
  if (isCovered) return 'send'
  if (endings.includes(type)) return hasStopped ? 'say_paused' : 'send'
  return type === 'id.merged' && !hasStopped ? 'send' : 'withhold'
}
