import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { Page } from '@/app/_components/page'
import { SmallForms } from '@/app/i/_components/small-forms'
import { findCheckUp } from '@/lib/campaigns/check-up'
import type { Link } from '@/lib/campaigns/links'
import { env } from '@/lib/config/env'
import { getLanguage } from '@/lib/i18n/request'
import { describeCheckUp } from '@/lib/mail/check-up'
import type { MailSection } from '@/lib/mail/content'

/** The yearly check-up: what somebody allows, who used it and what was written, with the three things to do about it. */
export async function CheckUpLink({ token, link }: { token: string; link: Link }) {
  const t = await getTranslations('invitation')
  const checkUp = await findCheckUp(link.personId)
  const sections = checkUp ? describeCheckUp(checkUp, await getLanguage()) : []
  const name = [link.givenName, link.familyName].filter(Boolean).join(' ')
  return (
    <Page>
      <div className="space-y-6">
        <div className="space-y-3">
          <h1>
            <bdi>{name ? t('greeting', { name }) : t('greetingWithoutName')}</bdi>
          </h1>
          <p className="text-lg">{t('checkUp.lead', { institution: env().institution.name })}</p>
        </div>
        {sections.map((section) => (
          <Section key={section.heading} {...section} />
        ))}
        <Decide token={token} isKept={link.isKept} />
        <SmallForms token={token} link={link} />
      </div>
    </Page>
  )
}

function Section({ heading, items, none }: MailSection) {
  return (
    <section className="space-y-3">
      <h2>{heading}</h2>
      {items.length === 0 ? (
        <p>{none}</p>
      ) : (
        <ul className="card card-list">
          {items.map(({ title, reason }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rendered once.
            <li key={index} className="py-3 [overflow-wrap:anywhere]">
              <span className="font-semibold">{title}</span>
              <span className="note block">{reason}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Keeping changes nothing, so a link is enough for it. A forwarded mail must not be able to change or stop anything. */
async function Decide({ token, isKept }: { token: string; isKept: boolean }) {
  const t = await getTranslations('invitation.checkUp')
  return (
    <section aria-labelledby="decide" className="no-print space-y-4">
      <h2 id="decide">{t('decide')}</h2>
      {isKept ? (
        <Notice tone="good">{t('kept')}</Notice>
      ) : (
        <form method="post" action="/i/keep" className="space-y-1">
          <input type="hidden" name="token" value={token} />
          <button type="submit" className="btn btn-primary" aria-describedby="keep-means">
            {t('keep')}
          </button>
          <p id="keep-means" className="note">
            {t('keepMeans')}
          </p>
        </form>
      )}
      {(['change', 'stop'] as const).map((way) => (
        <form key={way} method="get" action={way === 'change' ? '/me/narrow' : '/me/withdraw'} className="space-y-1">
          <button type="submit" className="btn btn-quiet" aria-describedby={`${way}-means`}>
            {t(way)}
          </button>
          <p id={`${way}-means`} className="note">
            {t(`${way}Means`)}
          </p>
        </form>
      ))}
    </section>
  )
}
