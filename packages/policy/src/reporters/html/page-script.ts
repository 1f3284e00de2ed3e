/** What comes on top where scripts run: a click on a column chooses its moment, and so does a link to one. Everything can be read and reached without it. */
export const pageScript: string = `
const choose = id => {
  const choice = document.getElementById(id)
  if (choice?.type !== 'radio') return
  choice.closest('details').open = true
  choice.checked = true
  choice.focus()
}
for (const day of document.querySelectorAll('.day')) {
  for (const column of day.querySelectorAll('.column')) {
    column.style.cursor = 'pointer'
    column.addEventListener('click', () => choose(day.id + '-m' + column.dataset.moment))
  }
}
for (const link of document.querySelectorAll('a.moment-link')) link.addEventListener('click', () => choose(link.hash.slice(1)))
if (location.hash !== '') choose(location.hash.slice(1))
`.trim()
