from __future__ import annotations
import time
from math import prod
from pymc.initial_point import make_initial_point_fn
from blackball.inference.engine import indexing
from blackball.inference.engine.graph import graphs
from blackball.inference.engine.lower import Lowering
from blackball.inference.engine.module import function, module
from blackball.inference.engine.native import compiled, resolve
from blackball.inference.engine.packed import Packed
from blackball.inference.engine.program import Code, Program
from blackball.inference.engine.values import Buffer, Lazy, View
from pytensor.scalar import basic as ps

DENSITY="i64 %dim, ptr %x, ptr %out, ptr %logp, ptr %data"
def density(g, code, packed, n):
    program = Program(code)
    x = Buffer(n,"x"); out=Buffer(n,"out"); lp=Buffer(1,"logp")
    low = Lowering(program, g.density, {g.point: x.view((n,)), **{v: packed.data[k] for k,v in g.data.items()}}, packed)
    l, gr = low.run()
    program.store(l, lp.view(())); program.store(gr, out.view((n,)))
    checks=[]
    for v,c in ((lp.view((1,)),4),(out.view((n,)),3)):
        z=program.reduced(ps.add, Lazy(ps.sub,(v,v),v.shape,("float64",)*3), v.shape,(0,),"float64")
        checks.append((z,c))
    return function("density", DENSITY, program.calls, checks), program
def build(model):
    T=t=time.time()
    ip=make_initial_point_fn(model=model,jitter_rvs=set(model.free_RVs),return_transformed=True)
    st=ip(0)
    print('initial', time.time()-t); t=time.time()
    g=graphs(model,st)
    print('graphs', time.time()-t, len(g.density.apply_nodes)); t=time.time()
    code=Code(); packed=Packed({k:v.shape for k,v in g.values.items()})
    n=sum(prod(st[model.rvs_to_values[r].name].shape) for r in model.free_RVs)
    f,p=density(g,code,packed,n)
    outer=resolve(code.functions)
    text=module(code,[f],outer)
    print('lower', time.time()-t, len(p.calls), len(code.kernels), len(text), len(text.splitlines())); t=time.time()
    nat=compiled(text,["density"])
    print('llvm', time.time()-t); print('total',time.time()-T)
    return g,packed,nat,n,text,st
