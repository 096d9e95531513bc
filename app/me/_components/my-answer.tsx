import { getTranslations } from 'next-intl/server'
import { Answer } from '@/app/_components/answer'
import { When } from '@/app/_components/when'
import type { ShownAffiliation } from '@/lib/affiliations/queries'
import { env } from '@/lib/config/env'
import type { CheckStatus, Connection } from '@/lib/grants/grant'
import { toShownState } from '@/lib/researchers/researcher'
import type { MySystem } from '@/lib/systems/mine'

type Props = {
  connection: Connection
  checkStatus: CheckStatus
  /** The institution asks whether the iD is the right person's. */
  isAsked: boolean
  /** Staff have to decide whose iD it is. */
  isInConflict: boolean
  /** The iD is all that is asked for. */
  idAlone: boolean
  lacksToken: boolean
  items: readonly ShownAffiliation[]
  /** How many works wait for the person's word. */
  waitingWorks: number
  systems: readonly MySystem[]
}

/** Whether all is well, something needs the person, or nothing is allowed, and what to do about it. */
export async function MyAnswer(props: Props) {
  const t = await getTranslations('me.answer')
  const works = await getTranslations('me.works')
  const { connection, isAsked, isInConflict, idAlone, waitingWorks: count, systems } = props
  if (isAsked) return <Answer tone="needs">{t('question')}</Answer>
  if (connection.state === 'withdrawn' || connection.state === 'expired')
    return (
      <Answer tone="plain" action={<ConnectAgain />}>
        {t(connection.liveScopes.length > 0 ? 'onlySignIn' : 'nothing')}
      </Answer>
    )
  if (needsConnecting(props))
    return (
      <Answer tone="needs" action={<ConnectAgain />}>
        {t('connect')}
      </Answer>
    )
  if (isInConflict) return <Answer tone="plain">{t('conflict')}</Answer>
  const waiting = props.items.filter(({ state, removal }) => state === 'no_permission' && removal === null).length
  if (waiting > 0) return <Answer tone="needs">{t('entries', { count: waiting })}</Answer>
  if (count > 0)
    return (
      <Answer tone="needs" action={<a href="/me/works">{works('look', { count })}</a>}>
        {works('wait', { count })}
      </Answer>
    )
  if (idAlone) return <Answer tone="good">{t('idAlone')}</Answer>
  if (connection.state === 'identity_only')
    return (
      <Answer tone="plain" action={<a href="#permissions">{t('allowMore')}</a>}>
        {t('identityOnly', { institution: env().institution.name })}
      </Answer>
    )
  const news = systems.filter(({ moreFrom, stop }) => moreFrom && !stop).length
  if (news > 0)
    return (
      <Answer tone="needs" action={<a href="/me/systems">{t('decide')}</a>}>
        {t('news', { count: news })}
      </Answer>
    )
  const using = systems.filter(({ covered, stop }) => covered.length > 0 && !stop)
  const paused = systems.filter(({ stop }) => stop?.kind === 'paused').length
  const lastAt = using.flatMap(({ uses }) => uses.map((use) => use.lastAt)).sort((a, b) => +b - +a)[0]
  return (
    <Answer tone="good">
      {t('well')} {t('systems', { count: using.length })} {t('paused', { count: paused })}{' '}
      {lastAt ? t.rich('last', { when: () => <When key="last" at={lastAt} /> }) : null}
    </Answer>
  )
}

const broken: readonly unknown[] = ['insufficient', 'wrong_record', 'record_deprecated', 'withdrawn_at_orcid']

function needsConnecting({ connection, checkStatus: { finding }, lacksToken }: Props): boolean {
  return lacksToken || broken.includes(finding) || toShownState({ ...connection, finding }, new Date()) === 'expiring'
}

async function ConnectAgain() {
  const t = await getTranslations('me')
  return (
    <form method="get" action="/connect">
      <button type="submit" className="btn btn-primary">
        {t('again')}
      </button>
    </form>
  )
}
