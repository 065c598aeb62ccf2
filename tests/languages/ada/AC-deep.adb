with Ada.Integer_Text_IO; use Ada.Integer_Text_IO;

procedure Deep is
   Depth : Integer;

   function Down (N : Integer) return Integer is
     (if N = 0 then 0 else 1 + Down (N - 1));
begin
   Get (Depth);
   Put (Down (Depth), Width => 0);
end Deep;
