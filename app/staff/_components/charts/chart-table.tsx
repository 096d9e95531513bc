import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

/** The numbers of a chart: opened where they are wanted, and always on paper. */
export function ChartTable({ caption, heads, children }: { caption: string; heads: string[]; children: ReactNode }) {
  const t = useTranslations('staff.overview')
  return (
    <details className="chart-table">
      <summary className="inline-flex min-h-6 items-center text-accent text-sm">{t('asTable')}</summary>
      <div className="figures-scroll mt-2">
        <table className="figures">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </details>
  )
}
