import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Page } from '@/app/_components/page'
import { availablePage } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { findRosterUse } from '@/lib/people/about'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('rosterPrivacy')
  return { title: t('title') }
}

/** What is held about people who never connected: what, from where, what for, how long, and how to object. */
export default availablePage(async function RosterPrivacyPage() {
  const use = await findRosterUse()
  if (!use.isUsed) notFound()
  const t = await getTranslations('rosterPrivacy')
  const { institution, leavers, mail } = env()
  const isMailed = mail !== null || use.isInvited
  const { name, supportEmail, privacyUrl } = institution
  const held = [
    'number',
    'name',
    'email',
    'place',
    'lastDay',
    ...(use.hasKnownIds ? ['knownId' as const] : []),
    ...(env().orcid.api === 'member' ? ['items' as const] : []),
    ...(isMailed ? (['language', 'mails', 'wishes'] as const) : []),
  ] as const
  const sources = [...(use.isImported ? ['imported' as const] : []), ...(use.isEntered ? ['entered' as const] : [])]
  const section = (key: 'held' | 'source' | 'purpose' | 'duration' | 'rights', ...lines: string[]) => (
    <section aria-labelledby={key} className="space-y-2">
      <h2 id={key}>{t(`${key}.title`)}</h2>
      {lines.length === 1 ? (
        <p>{lines[0]}</p>
      ) : (
        <ul className="list-disc space-y-1 ps-5">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </section>
  )
  return (
    <Page>
      <div className="space-y-6">
        <div className="space-y-2">
          <h1>{t('title')}</h1>
          <p>{t('lead', { institution: name })}</p>
        </div>
        {section('held', ...held.map((item) => t(`held.${item}`)))}
        <p>{t('held.not')}</p>
        {section('source', sources.map((source) => t(`source.${source}`, { institution: name })).join(' '))}
        {section(
          'purpose',
          t('purpose.count'),
          t('purpose.match'),
          t('purpose.write'),
          ...(isMailed ? [t('purpose.mail')] : []),
        )}
        {section(
          'duration',
          t('duration.stays'),
          t('duration.left', { months: leavers.keepMonths }),
          t('duration.hash'),
          ...(isMailed ? [t('duration.suppressed')] : []),
        )}
        {section(
          'rights',
          ...(isMailed ? [t('rights.stop')] : []),
          t('rights.see'),
          t('rights.correct'),
          t('rights.object'),
        )}
        <p>
          {t.rich('contact', {
            mail: () => (
              <a key="mail" href={`mailto:${supportEmail}`}>
                {supportEmail}
              </a>
            ),
          })}{' '}
          {privacyUrl ? <a href={privacyUrl}>{t('notice', { institution: name })}</a> : null}
        </p>
      </div>
    </Page>
  )
})
