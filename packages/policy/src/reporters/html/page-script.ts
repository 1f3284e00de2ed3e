/** What comes on top where scripts run: a click on a column chooses its moment, and so does a link to one. A picture that is wider than its frame is moved so that the column of the chosen moment is in sight. Everything can be read and reached without it. */
export const pageScript: string = `
const reveal = choice => {
  const day = choice.closest('.day')
  const frame = day.querySelector('.picture')
  const column = day.querySelector('.column[data-moment="' + choice.id.replace(/^.*-m/, '') + '"] > rect')
  if (column === null || column.getBoundingClientRect().width === 0) return
  const [shown, wanted] = [frame.getBoundingClientRect(), column.getBoundingClientRect()]
  if (wanted.left < shown.left || wanted.right > shown.right) frame.scrollLeft += wanted.left - shown.left - (shown.width - wanted.width) / 2
}
const choose = id => {
  const choice = document.getElementById(id)
  if (choice?.type !== 'radio') return
  choice.closest('details').open = true
  choice.checked = true
  choice.focus()
  reveal(choice)
}
for (const day of document.querySelectorAll('.day')) {
  day.addEventListener('change', event => reveal(event.target))
  day.addEventListener('toggle', () => reveal(day.querySelector('input:checked')))

  for (const column of day.querySelectorAll('.column')) {
    column.style.cursor = 'pointer'
    column.addEventListener('click', () => choose(day.id + '-m' + column.dataset.moment))
  }
}
for (const link of document.querySelectorAll('a.moment-link')) link.addEventListener('click', () => choose(link.hash.slice(1)))
if (location.hash !== '') choose(location.hash.slice(1))
`.trim()
