package race_test
import ("testing";"fmt";"ravine/race")
func TestSgdLook(t *testing.T){
 for _,p:=range []string{"regression","regression:noise=5","regression:reduce=mean","neuron","sparse"} {
 for _,l:=range []string{"sgd","minibatch","sgd:eta=0.001","sgd:eta=0.005","sgd:eta=0.02"} {
 runner:=newRunner(t,raceOn(t,p,l)); lane:=runner.Lanes()[0]
 best:=runner.Problem().Optima()[0].Loss
 fmt.Printf("%s %s eta=%g begin %.4g:",p,l,lane.Hyper().Eta,lane.Loss()-best)
 for range 10 { runner.Advance(200); fmt.Printf(" %.3g",lane.Loss()-best)}
 h,ok:=race.Advise(runner,0); fmt.Println(h.Text,ok)
 }}
}
