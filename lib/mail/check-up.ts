import 'server-only'
import { z } from 'zod'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { readMessages } from '@/lib/config/languages'
import { formatDay, type MailSection } from '@/lib/mail/content'
import { describeForMail } from '@/lib/texts/mail-words'

const counted = z.object({ count: z.number(), lastOn: z.string().nullable() })

const item = z.object({
  kind: z.string(),
  title: z.string(),
  department: z.string().nullable(),
  startOn: z.string().nullable(),
  endOn: z.string().nullable(),
})
type Item = z.infer<typeof item>

export const checkUp = z.object({
  scopes: z.array(z.string()),
  /** By scope, in order. */
  givenOn: z.array(z.string()),
  expiresOn: z.string().nullable(),
  reads: counted,
  files: counted,
  /** Systems that used it for this person alone (`count`), or read lists that the person may have been in. */
  systems: z.array(counted.extend({ name: z.string() })),
  items: z.array(item),
})

/** What somebody allows, who used it within a year, and what was written to their record. */
export type CheckUp = z.infer<typeof checkUp>

/** A check-up in words: for the mail, and for the page that it leads to. */
export function describeCheckUp(
  { scopes, givenOn, expiresOn, reads, files, systems, items }: CheckUp,
  locale: string,
): MailSection[] {
  const t = readMessages(locale).mail.checkUp
  const fill = (message: string, values: Record<string, string>) =>
    message.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? '')
  const day = (on: string | null | undefined) => (on ? formatDay(on, locale) : '')
  const until = expiresOn ? fill(t.until, { day: day(expiresOn) }) : ''
  const use = (message: string, { count, lastOn }: CheckUp['reads']) =>
    count > 0 ? [{ title: fill(message, { count: String(count) }), reason: fill(t.last, { day: day(lastOn) }) }] : []
  const usedBySystem = ({ name, count, lastOn }: CheckUp['systems'][number]) => ({
    title: fill(count > 0 ? t.system : t.systemList, { name, count: String(count) }),
    reason: fill(t.last, { day: day(lastOn) }),
  })
  return [
    {
      heading: t.allowed,
      none: t.allowedNothing,
      items: describeForMail(locale, scopes).map(({ scope, title }) => ({
        title,
        reason: `${fill(t.since, { day: day(givenOn[scopes.indexOf(scope)]) })} ${until}`.trim(),
      })),
    },
    {
      heading: t.used,
      none: t.usedByNobody,
      items: [...use(t.reads, reads), ...use(t.files, files), ...systems.map(usedBySystem)],
    },
    { heading: t.wrote, none: t.wroteNothing, items: items.map((item) => describeItem(item, locale)) },
  ]
}

/** What the record has, in a mail. */
export function describeItem({ kind, title, department, startOn, endOn }: Item, locale: string) {
  const { kinds } = readMessages(locale).affiliation
  const name = Object.entries(kinds).find(([key]) => key === kind)?.[1]
  return { title, reason: [name, department, [startOn, endOn].filter(Boolean).join(' – ')].filter(Boolean).join(' · ') }
}

/** What waits for the person, in a mail. Works are not written before they say so. */
export function describeWaiting(item: Item, locale: string) {
  const { title, reason } = describeItem(item, locale)
  return { title, reason: item.kind === 'work' ? `${reason} · ${readMessages(locale).mail.frame.workWaits}` : reason }
}

/** A check-up of nobody, to look at. */
export function toSampleCheckUp(): CheckUp {
  const today = toDay(new Date())
  return {
    scopes: env().orcid.scopes,
    givenOn: env().orcid.scopes.map(() => today),
    expiresOn: null,
    reads: { count: 2, lastOn: today },
    files: { count: 0, lastOn: null },
    systems: [],
    items: [],
  }
}
