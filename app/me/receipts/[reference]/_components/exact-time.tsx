import { useFormatter } from 'next-intl'

/** The day and the time to the second, with its zone. */
export function ExactTime({ at }: { at: string }) {
  return <time dateTime={at}>{useFormatter().dateTime(new Date(at), { dateStyle: 'long', timeStyle: 'long' })}</time>
}
