// Plays a declarative Jenkins pipeline without Jenkins: `java groovy.ui.GroovyMain Jenkins.groovy -- JENKINSFILE KEY=VALUE… [-- …]`.
// Knows the sections and steps below and no other: anything else is a MissingMethodException, as Jenkins would refuse it. Each step is told as a line, its name and its value in Base64.
// What it is not: Jenkins' own validation, its sandbox, or its transformation of the script for restarts.
import org.codehaus.groovy.control.CompilerConfiguration

abstract class DeclarativePipeline extends Script {
    void pipeline(Closure body) {
        def pipeline = new Pipeline()
        Played.within(pipeline, body)
        pipeline.play()
    }
}

class Played {
    static Map<String, Object> env = [:], params = [:], given = [:]

    static void tell(String step, Object value) { println "${step}\t${value.toString().bytes.encodeBase64()}" }

    static Object within(Object section, Closure body) {
        def copy = body.rehydrate(section, body.owner, body.thisObject)
        copy.resolveStrategy = Closure.DELEGATE_FIRST
        copy()
    }
}

// What every section sees: the variables of the build and of its `environment`, by their names.
class Section {
    def propertyMissing(String name) {
        if (name == 'params') return Played.params
        if (name == 'env') return Played.env
        if (Played.env.containsKey(name)) return Played.env[name]
        throw new MissingPropertyException("No such property: ${name}")
    }
}

// Its sections are played in Jenkins' order, whatever order they are written in.
class Pipeline extends Section {
    final Object any = 'any'
    private final Map<String, Closure> sections = [:]
    void agent(Object where) { Played.tell('agent', where) }
    void environment(Closure body) { sections.environment = body }
    void parameters(Closure body) { sections.parameters = body }
    void stages(Closure body) { sections.stages = body }
    void post(Closure body) { sections.post = body }

    void play() {
        def section = { String name, Object of -> if (sections[name]) Played.within(of, sections[name]) }
        section('parameters', new Parameters())
        section('environment', new Environment())
        try { section('stages', new Stages()) }
        finally { section('post', new Post()) }
    }
}

class Environment extends Section {
    void setProperty(String name, Object value) { Played.env[name] = value.toString() }
    String credentials(String id) { "secret of ${id}" }
}

class Parameters extends Section {
    void string(Map of) { Played.params[of.name as String] = Played.given["params.${of.name}".toString()] ?: of.defaultValue }
}

class Stages extends Section {
    void stage(String name, Closure body) {
        Played.tell('stage', name)
        def stage = new Stage()
        Played.within(stage, body)
        try { if (stage.run) Played.within(new Steps(), stage.run) }
        finally { if (stage.after) Played.within(new Post(), stage.after) }
    }
}

class Stage extends Section {
    Closure run, after
    void steps(Closure body) { run = body }
    void post(Closure body) { after = body }
}

class Post extends Section {
    void always(Closure body) { Played.within(new Steps(), body) }
}

class Interrupted extends RuntimeException { Interrupted(String why) { super(why) } }

class Steps extends Section {
    Object script(Closure body) { Played.within(this, body) }
    Object sh(String line) { sh(script: line) }
    Object sh(Map of) {
        Played.tell('sh', of.script)
        if (Played.given.sh == 'interrupted') throw new Interrupted('sh')
        of.returnStatus ? (Played.given.sh ?: '0') as int : null
    }
    void error(String why) { throw new RuntimeException(why) }
    // The question blocks until somebody answers, and the gate until its file is there: who is first is told by `first`. With failFast the other one is interrupted.
    void parallel(Map of) {
        def branches = of.findAll { it.value instanceof Closure }
        def first = Played.given.first as String
        if (!branches.containsKey(first)) throw new IllegalArgumentException("no branch ${first}")
        Played.within(this, branches[first] as Closure)
        branches.findAll { it.key != first }.each { Played.within(this, it.value as Closure) }
    }
    Object input(Map of) {
        Played.tell('input', of.message)
        if (!Played.given.answer) throw new Interrupted('input')
        def answer = of.parameters.collectEntries { [it.name, Played.given.answer] }
        of.parameters.each { if (!it.choices.contains(Played.given.answer)) throw new IllegalArgumentException('no such choice') }
        of.submitterParameter ? answer + [(of.submitterParameter): 'ann'] : answer
    }
    Map choice(Map of) { of }
    void writeFile(Map of) { Played.tell('writeFile', "${of.file}\n${of.text}") }
    void archiveArtifacts(Map of) { Played.tell('archiveArtifacts', of.artifacts) }
    void junit(String pattern) { Played.tell('junit', pattern) }
    void recordIssues(Map of) { Played.tell('recordIssues', of.tool) }
    Object sarif(Map of) { of.pattern }
}

static void play(String file, List<String> given) {
    Played.env = [:]; Played.params = [:]
    Played.given = given.collectEntries { it.split('=', 2) as List }
    Played.env.putAll(Played.given.findAll { it.key ==~ /[A-Z_]+/ })
    def outcome = 'SUCCESS'
    try { new GroovyShell(Played.classLoader, new Binding(), new CompilerConfiguration(scriptBaseClass: 'DeclarativePipeline')).evaluate(new File(file)) }
    catch (Interrupted stopped) { outcome = "ABORTED in ${stopped.message}" }
    catch (Exception failed) { outcome = failed.class == RuntimeException ? "FAILURE: ${failed.message}" : "REFUSED: ${failed.message}" }
    Played.env.each { Played.tell("env ${it.key}", it.value) }
    Played.tell('outcome', outcome)
}

// Several builds, each behind a `--`: a JVM takes seconds to start.
List<List<String>> builds = []
args.each { if (it == '--') builds << [] else builds.last() << it }
builds.each { play(it.head(), it.tail()) }
