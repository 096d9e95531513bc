import { getTranslations } from 'next-intl/server'
import { Answer, type AnswerTone } from '@/app/_components/answer'
import { OrcidId } from '@/app/_components/orcid-id'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { toDay } from '@/lib/config/day'
import { orcidUri } from '@/lib/orcid/id'
import { toProof, toShownState } from '@/lib/researchers/researcher'
import type { ShownResearcher } from '@/lib/researchers/rows'
import type { findLastUse } from '@/lib/systems/last-use'
import { listAskable } from '@/lib/texts/asked'

type Props = {
  researcher: ShownResearcher
  /** Undefined for people who may not see it. */
  lastUse?: Awaited<ReturnType<typeof findLastUse>>
}

/** Who this is, how they stand, and what is known of them. */
export async function Summary({ researcher, lastUse }: Props) {
  const t = await getTranslations('staff')
  const { orcid, registry, name, lastCheckedAt } = researcher
  const ends = researcher.state === 'withdrawn' ? 'withdrewAt' : 'expiresAt'
  const { firstConnectedAt, authenticatedAt } = researcher
  const isSeenApart = !firstConnectedAt || !authenticatedAt || toDay(authenticatedAt) !== toDay(firstConnectedAt)
  const seen = isSeenApart ? (['authenticatedAt'] as const) : []
  const times = ['firstConnectedAt', 'lastConfirmedAt', ends, ...seen] as const
  return (
    <div className="space-y-4">
      <div className="space-y-2">
        <h1 className="[overflow-wrap:anywhere]">
          {name ? <bdi translate="no">{name}</bdi> : <span className="text-ink-soft">{t('nameNotPublic')}</span>}
        </h1>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-1">
          <OrcidId uri={orcidUri(orcid, registry)} name={name} {...toProof(researcher)} />
          <State state={toShownState(researcher, new Date())} />
        </div>
      </div>
      <Standing researcher={researcher} />
      <Facts label={t('person.facts')}>
        {(['department', 'localId'] as const).map((detail) =>
          researcher[detail] ? (
            <Fact key={detail} name={t(`details.names.${detail}`)}>
              <bdi translate="no" className="[overflow-wrap:anywhere]">
                {researcher[detail]}
              </bdi>
            </Fact>
          ) : null,
        )}
        {times.map((time) => {
          const at = researcher[time]
          return at ? (
            <Fact key={time} name={t(`person.${time}`)}>
              <When at={at} show="date" />
            </Fact>
          ) : null
        })}
        <Fact name={t('person.lastChecked')}>{lastCheckedAt ? <When at={lastCheckedAt} /> : t('person.never')}</Fact>
        {lastUse === undefined ? null : (
          <Fact name={t('person.lastUse')}>
            {lastUse ? <When at={lastUse.at} /> : t('person.never')}
            {lastUse?.system ? (
              <>
                {' · '}
                <bdi translate="no">{lastUse.system}</bdi>
              </>
            ) : null}
          </Fact>
        )}
      </Facts>
    </div>
  )
}

const quiet: readonly unknown[] = [null, 'good', 'being_checked', 'unanswered']

/** Whether something is needed of or for this person, in one sentence. */
async function Standing({ researcher: { state, finding, liveScopes } }: { researcher: ShownResearcher }) {
  const t = await getTranslations('staff.person.answer')
  const say = (tone: AnswerTone, sentence: string) => <Answer tone={tone}>{sentence}</Answer>
  if (state === 'withdrawn') return say('plain', t(liveScopes.length > 0 ? 'withdrawnKnown' : 'withdrawn'))
  if (state === 'expired') return say('needs', t('expired'))
  if (!quiet.includes(finding)) return say('needs', t('problem'))
  if (state === 'identity_only') return say('plain', t('identityOnly'))
  const missing = (await listAskable()).filter((scope) => !liveScopes.includes(scope)).length
  return missing > 0 ? say('plain', t('missing', { count: missing })) : say('good', t('all'))
}
