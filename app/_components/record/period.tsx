import { useFormatter, useTranslations } from 'next-intl'

/**
 * When something was, from dates that may lack their day or month. `to` is null for what goes on, and left out for what
 * has one date.
 */
export function Period({ from, to }: { from: string | null; to?: string | null }) {
  const t = useTranslations('record.period')
  const format = useFormatter()
  const say = (date: string) => {
    const [, month, day] = date.split('-')
    return format.dateTime(new Date(`${date}${month ? '' : '-01'}${day ? '' : '-01'}T00:00:00Z`), {
      timeZone: 'UTC',
      year: 'numeric',
      month: month ? 'long' : undefined,
      day: day ? 'numeric' : undefined,
    })
  }
  if (!from && !to) return null
  if (to === undefined) return <p>{from ? <time dateTime={from}>{say(from)}</time> : null}</p>
  if (!from) return <p>{to ? t('until', { to: say(to) }) : null}</p>
  return <p>{to ? t('between', { from: say(from), to: say(to) }) : t('since', { from: say(from) })}</p>
}
