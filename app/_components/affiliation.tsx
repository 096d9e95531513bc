import { useFormatter, useTranslations } from 'next-intl'
import { State } from '@/app/_components/state'
import type { StateName } from '@/app/_components/state-shape'

const looks = {
  waiting_for_person: 'waiting',
  to_be_confirmed: 'waiting',
  waiting_for_answer: 'waiting',
  pending: 'waiting',
  in_orcid: 'connected',
  updating: 'waiting',
  waiting_for_orcid: 'waiting',
  refused: 'expired',
  no_permission: 'expired',
  no_token: 'expired',
  person_withdrew: 'withdrawn',
  deleted_by_person: 'withdrawn',
  deleting: 'waiting',
  deleted: 'ended',
  already_there: 'ended',
} as const satisfies Record<string, StateName>

/** How far an item has got on its way to a record, or off it: a shape and words. */
export function AffiliationState({ state }: { state: keyof typeof looks }) {
  const t = useTranslations('affiliation')
  return (
    <State state={looks[state]}>
      <span className="whitespace-normal">{t(`states.${state}`)}</span>
    </State>
  )
}

type Dates = { kind?: string; startOn: string | null; endOn: string | null }

/** From when to when, as exactly as is known: a year, a month or a day each; of a work, when it was published. */
export function Period({ kind, startOn, endOn }: Dates) {
  const t = useTranslations('affiliation')
  const format = useFormatter()
  const say = (date: string) => {
    const [year = '', month, day] = date.split('-')
    const at = new Date(Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1)))
    return format.dateTime(at, {
      year: 'numeric',
      month: month ? 'long' : undefined,
      day: day ? 'numeric' : undefined,
      timeZone: 'UTC',
    })
  }
  if (!startOn) return null
  if (kind === 'work') return <>{say(startOn)}</>
  return <>{endOn ? t('fromTo', { from: say(startOn), to: say(endOn) }) : t('since', { from: say(startOn) })}</>
}
