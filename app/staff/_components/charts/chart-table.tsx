import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { TableHead } from '@/app/staff/_components/table-head'

/** The numbers of a chart: opened where they are wanted, and always on paper. */
export function ChartTable({ caption, heads, children }: { caption: string; heads: string[]; children: ReactNode }) {
  const t = useTranslations('staff.overview')
  return (
    <details className="chart-table">
      <summary className="inline-flex min-h-6 items-center text-accent text-sm">{t('asTable')}</summary>
      <div className="figures-scroll mt-2">
        <table className="figures">
          <TableHead caption={caption} heads={heads} />
          <tbody>{children}</tbody>
        </table>
      </div>
    </details>
  )
}
