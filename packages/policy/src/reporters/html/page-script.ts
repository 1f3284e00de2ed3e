/** Shows one moment of each picture at a time; the choice is a group of radio buttons, so that arrow keys move through it. Without it every moment is shown. */
export const pageScript: string = `
for (const canary of document.querySelectorAll('section.canary')) {
  const choices = [...canary.querySelectorAll('.moments input')]
  const panels = [...canary.querySelectorAll('.moment')]
  const columns = [...canary.querySelectorAll('.column')]
  const show = number => {
    choices.forEach(choice => { choice.checked = choice.value === number })
    panels.forEach(panel => { panel.hidden = panel.dataset.moment !== number })
    columns.forEach(column => column.classList.toggle('chosen', column.dataset.moment === number))
  }
  canary.querySelector('.moments').hidden = false
  choices.forEach(choice => choice.addEventListener('change', () => show(choice.value)))
  columns.forEach(column => { column.style.cursor = 'pointer'; column.addEventListener('click', () => show(column.dataset.moment)) })
  show(canary.dataset.first)
}
`.trim()
