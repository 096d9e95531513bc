import { getTranslations } from 'next-intl/server'
import { getDayWords } from '@/app/staff/_components/day-words'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { getScopeWords } from '@/app/staff/campaigns/_components/campaign-words'
import { languageName } from '@/app/staff/campaigns/texts/_components/language-name'
import { getRightWords } from '@/app/staff/systems/_components/system-words'
import { getLanguage } from '@/lib/i18n/request'
import type { StaffSystem } from '@/lib/systems/queries'

/** What a system may do, for whom, from where and until when. */
export async function SystemFacts({ system }: { system: StaffSystem }) {
  const t = await getTranslations('staff.systems')
  const kinds = await getTranslations('staff.people.kinds')
  const [toRight, toScope, toWords] = [await getRightWords(), await getScopeWords(), await getDayWords()]
  const { operator, processorName, contractOn, departments, networks, expiresOn } = system
  const [language, languages] = [await getLanguage(), Object.entries(system.purpose)]
  const people = [...departments, ...system.kinds.map((kind) => kinds(kind))].join(' · ')
  return (
    <section aria-labelledby="facts" className="space-y-4">
      <h2 id="facts">{t('page.facts')}</h2>
      {languages.map(([locale, text]) => (
        <p key={locale} lang={locale} dir="auto" translate="no" className="max-w-[65ch] [overflow-wrap:anywhere]">
          {languages.length > 1 ? <span className="note">{languageName(locale, language)}: </span> : null}
          {text}
        </p>
      ))}
      <Facts label={t('page.facts')}>
        <Fact name={t('page.allowed')}>{system.rights.map(toRight).join(' · ')}</Fact>
        <Fact name={t('page.scopes')}>{system.scopes.map(toScope).join(' · ') || t('page.noScopes')}</Fact>
        <Fact name={t('page.people')}>
          <bdi>{people || t('page.everybody')}</bdi>
        </Fact>
        <Fact name={t('page.operator')}>
          {t(`operators.${operator}`)} {processorName ? <bdi translate="no">{processorName}</bdi> : null}
          {contractOn ? <span className="note block">{t('page.contract', { day: toWords(contractOn) })}</span> : null}
        </Fact>
        <Fact name={t('page.contact')}>
          <bdi translate="no" className="[overflow-wrap:anywhere]">
            {system.contact}
          </bdi>
        </Fact>
        <Fact name={t('page.networks')}>
          {networks.length > 0 ? (
            <span translate="no" className="mono [overflow-wrap:anywhere]">
              {networks.join(', ')}
            </span>
          ) : (
            t('page.anywhere')
          )}
        </Fact>
        <Fact name={t('page.perMinute')}>{system.perMinute}</Fact>
        <Fact name={t('page.expires')}>{expiresOn ? toWords(expiresOn) : t('page.endless')}</Fact>
      </Facts>
    </section>
  )
}
