import { nearest } from '../nearest.ts'
import { projectNameOf, projectsOf } from '../projects.ts'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'project-exists',
    severity: 'warning',
    recommended: true,
    summary: 'Where a repository holds AppProjects, every Application names one of them',
    messages: {
      missing: 'there is no AppProject {project} in this repository{near}: without it Application {application} is not compared and not synced',
    },
    hint: 'an AppProject that comes from elsewhere: silence this line with its reason; `default` always exists',
    threads: [],
  },
  check({ repository, applications, report }) {
    const { all } = projectsOf(repository)
    if (all.length === 0) return
    const names = all.map(({ project }) => project.name)
    for (const application of applications) {
      const project = projectNameOf(application)
      if (project === 'default' || names.includes(project) || project.includes('{{')) continue
      const near = nearest(project, names)
      report('missing', { manifest: application.manifest, pointer: '/spec/project' }, { project, application: application.manifest.ref.name, near: near === undefined ? '' : ` (${near} is near)` })
    }
  },
})

export default rule
