// Random cases from small alphabets, so that patterns and values meet often.
let seed=12345; const rnd=n=>{seed=(seed*1103515245+12345)&0x7fffffff; return (seed>>8)%n}; const pick=a=>a[rnd(a.length)]; const some=(a,max)=>Array.from({length:rnd(max+1)},()=>pick(a))
const repos=['https://github.com/example/manifests.git','https://github.com/example/manifests','https://GitHub.com/Example/Manifests','git@github.com:example/manifests.git','ssh://git@github.com/example/manifests','https://gitlab.com/a/b/c.git','https://github.com/other/x',' https://github.com/example/manifests ','https://charts.example.com','oci://registry/x','']
const repoP=[...repos,'*','**','https://github.com/*','https://github.com/example/*','https://github.com/**','https://*/example/*','!https://github.com/example/*','!https://github.com/example/manifests.git','!git@github.com:example/*','git@github.com:example/*','https://github.com/{example,other}/*','https://git???.com/**','!*','https://github.com/example/manifest?','[a-z]*','https://github.com/[!o]*/x']
const servers=['https://kubernetes.default.svc','https://1.2.3.4','https://prod.example.com:6443']
const names=['in-cluster','prod','staging','']
const nss=['default','team-a','team-b','kube-system','']
const serverP=[...servers,'*','','!https://1.2.3.4','https://*.example.com*','!https://kubernetes.default.svc','https://**']
const nameP=[...names,'*','!prod','pro*','{prod,staging}','!in-cluster']
const nsP=[...nss,'*','!kube-system','team-*','!team-*','!team-a','{team-a,default}','team-?','te**']
const kinds=[['networking.k8s.io','Ingress'],['','Service'],['argoproj.io','Rollout'],['','Namespace'],['rbac.authorization.k8s.io','ClusterRole'],['apps','Deployment']]
const groupP=['','*','networking.k8s.io','*.k8s.io','argoproj.io','apps','[a-n]*','[^a]*','rbac.authorization.k8s.io','a\\pps','[','net?orking.k8s.io']
const kindP=['*','Ingress','Service','Rollout','Namespace','ClusterRole','I*','[A-R]*','[^I]*','?ngress','Cluster*','[]','\\Service','[a','Ingress*','']
const objs=['web','team-a','team-ns','']
const nameOf=['','web','team-*','[^w]*','*']
const apps=['web','web-2','batch-1','api'], appP=['web','web*','*','batch-?','{web,api}','!web','[!b]*']
const r=()=>({group:pick(groupP),kind:pick(kindP)}), rn=()=>({...r(),name:pick(nameOf)})
const list=(f,max,absent)=>rnd(absent)===0?undefined:Array.from({length:rnd(max+1)},f)
const cases={
 sources:Array.from({length:250},()=>({repos:some(repoP,3),repo:pick(repos)})),
 destinations:Array.from({length:300},()=>({destinations:Array.from({length:rnd(4)},()=>({server:pick(serverP),name:pick(nameP),namespace:pick(nsP)})),server:pick(servers),name:pick(names),namespace:pick(nss)})),
 kinds:Array.from({length:300},()=>{const [group,kind]=pick(kinds);const spec={clusterResourceWhitelist:list(rn,3,3),clusterResourceBlacklist:list(rn,2,3),namespaceResourceWhitelist:list(r,3,2),namespaceResourceBlacklist:list(r,2,3)};return {spec,group,kind,name:pick(objs),namespaced:rnd(2)===0}}),
 windows:Array.from({length:200},()=>({windows:Array.from({length:1+rnd(3)},()=>({kind:pick(['allow','deny']),schedule:'* * * * *',duration:'1h',applications:some(appP,2),namespaces:some(nsP.filter(x=>x[0]!=='!'),2),clusters:some([...servers,'*','prod','pro*'],2),andOperator:rnd(2)===0})),app:pick(apps),server:pick(['',servers[0],servers[1]]),name:pick(['','prod','in-cluster']),namespace:pick(nss)})),
 urls:[...repos,'HTTPS://X.com/A.GIT','git@host:a:b/c.git','user@host/path','https://u:p@host/x.git','ssh://git@host:22/a.git','https://host/a b.git','https://host/%zz','a@b@c:d','https://host/a.git/','git@host:path.git/x'],
}

// Namespaces of Applications: globs, and regular expressions between slashes, which are not anchored. After the others, so that these stay as they were recorded.
const appNs=['','argocd','team-a','team-b','team-a-prod','apps','prod','a'], sourceNs=[...appNs,'*','team-*','team-?','{team-a,apps}','!argocd','[a-t]eam-a','/team-[ab]/','/^team-[ab]$/','/^team-/','/prod$/','/.*/','//','/(/','/team-a','team-a/','/^(?!team-).+/','/^TEAM-A$/','/[^a]$/','/^team-(a|b)(-prod)?$/','/\\w+-\\w+$/','/^a{1,2}$/','te**']
cases.namespaces=Array.from({length:400},()=>({sourceNamespaces:some(sourceNs,3),application:pick(appNs),controllerNamespace:pick(['argocd','argocd','openshift-gitops'])}))

process.stdout.write(JSON.stringify(cases))
