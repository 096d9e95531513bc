import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { env } from '@/lib/config/env'
import type { DescribedScope } from '@/lib/texts/asked'

type Props = { kept: DescribedScope[]; givenUp: DescribedScope[] }

/** What is given up, what is kept, and what happens, before it is done here. */
export async function ConfirmNarrowing({ kept, givenUp }: Props) {
  const t = await getTranslations('narrow')
  return (
    <>
      <GivenUp of={givenUp}>{t('stops', { institution: env().institution.name })}</GivenUp>
      <section aria-labelledby="kept" className="space-y-2">
        <h2 id="kept">{t('kept')}</h2>
        {kept.length > 0 ? <Titles of={kept} /> : null}
        <p>{t(kept.length > 0 ? 'keptId' : 'onlyId')}</p>
      </section>
      <form method="post" action="/me/narrowing" className="no-print flex flex-wrap items-center gap-x-6 gap-y-3">
        {kept.map(({ scope }) => (
          <input key={scope} type="hidden" name="keep" value={scope} />
        ))}
        <button type="submit" className="btn btn-danger">
          {t('button')}
        </button>
        <a href="/me/narrow">{t('chooseAgain')}</a>
      </form>
    </>
  )
}

/** What is given up, and what happens then. */
export async function GivenUp({ of, children }: { of: DescribedScope[]; children: ReactNode }) {
  const t = await getTranslations('narrow')
  return (
    <section aria-labelledby="given-up" className="space-y-2">
      <h2 id="given-up">{t('givenUp')}</h2>
      <Titles of={of} />
      <p>{children}</p>
    </section>
  )
}

function Titles({ of }: { of: DescribedScope[] }) {
  return (
    <ul className="card list-disc space-y-1 ps-9">
      {of.map(({ scope, title }) => (
        <li key={scope}>{title}</li>
      ))}
    </ul>
  )
}
