import { Download } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { exportFormats } from '@/lib/exports/export'
import { type ListFilters, toSearchParams } from '@/lib/researchers/schema'

/** The list as filtered, as a file. */
export async function ExportLinks({ filters }: { filters: ListFilters }) {
  const t = await getTranslations('staff.list')
  return (
    <div className="no-print flex flex-wrap gap-2">
      {exportFormats.map((format) => {
        const params = toSearchParams({ ...filters, cursor: null })
        params.set('format', format)
        return (
          <a key={format} href={`/staff/researchers/export?${params}`} download className="btn btn-quiet text-sm">
            <Download size={20} />
            {t('export', { format: format.toUpperCase() })}
          </a>
        )
      })}
    </div>
  )
}
