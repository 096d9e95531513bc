import { toHref, toParameters } from '@/lib/list/search'

/** The page of a department with all below it. */
export const unitHref = (department: string) => toHref('/staff/departments/unit', toParameters({ department }))

/** The summary of a department, or of the institution, without names. */
export const summaryHref = (department: string | null, file = false) =>
  toHref(file ? '/staff/summary/file' : '/staff/summary', toParameters({ department }))
