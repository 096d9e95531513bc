import { useTranslations } from 'next-intl'

// Of different lengths, as names are.
const widths = Array.from({ length: 11 }, (_, row) => `${6 + ((row * 7) % 11)}rem`)

/*
 * Rows that come after their page are put in its place by script. Where none runs they stay at the end of the body,
 * hidden: there they are shown instead, above the footer, and what waits for them is not. What says that it matters in
 * an earlier layer wins, and Tailwind hides in the layer after this one.
 */
const withoutScript = `
  .people-loading { display: none }
  @layer theme { body > [hidden]:has(> .people-later) { display: block !important } }
  body > [hidden]:has(> .people-later) {
    order: 1; width: 100%; max-width: calc(var(--shell) + 2rem);
    margin-inline: auto; padding: 0 1rem 3rem;
  }
  body > footer { order: 2 }`

/** Stands where the rows are about to be, in their size. */
export function PeopleLoading() {
  const t = useTranslations('staff.list')
  return (
    <div role="status" aria-busy="true" className="people-loading space-y-3">
      <noscript>
        <style>{withoutScript}</style>
      </noscript>
      <p className="font-medium">{t('loading')}</p>
      <div aria-hidden="true" className="divide-y divide-line border-line border-y">
        {widths.map((width) => (
          <div key={width} className="flex h-11 items-center justify-between gap-8">
            <div className="h-3.5 rounded bg-sunken" style={{ width }} />
            <div className="h-3.5 w-24 rounded bg-sunken" />
          </div>
        ))}
      </div>
    </div>
  )
}
